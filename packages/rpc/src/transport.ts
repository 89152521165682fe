import type { Metadata } from "./metadata.js";
import type { Method } from "./method.js";
import type { TrafficCounter } from "./traffic.js";

/** What a transport needs to know of a call, and where it reports what the server sends beside its messages. */
export interface OutgoingCall {
  readonly metadata: Metadata;
  readonly deadline: Date | undefined;
  /** Cancels the call when aborted. Undefined when nobody is going to. */
  readonly cancelSignal: AbortSignal | undefined;
  /** Where the transport counts the messages that it sends and receives. */
  readonly traffic: TrafficCounter;
  receiveHeader(header: Metadata): void;
  receiveTrailer(trailer: Metadata): void;
}

/** Carries calls to a server: over grpc-js in Node, over fetch or a WebSocket in a browser. */
export interface Transport {
  /** Performs a call with one request and one response. Rejects with a {@link StatusError}. */
  unary(method: Method, request: unknown, call: OutgoingCall): Promise<unknown>;
  /**
   * Performs a call with any number of requests and responses. Takes requests no faster than the server reads them, and
   * responses no faster than they are asked for. Ending the iteration early cancels the call.
   */
  stream(method: Method, requests: AsyncIterable<unknown>, call: OutgoingCall): AsyncIterableIterator<unknown>;
}
