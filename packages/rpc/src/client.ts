import type { ServerCall } from "./call.js";
import type { CallValues } from "./call-values.js";
import type { MessageInit } from "./message.js";
import type { Metadata, MetadataInit } from "./metadata.js";
import type { MethodDefinition, RequestOf, ResponseOf, ServiceDefinition } from "./method.js";

/** Per-call settings. Every client method accepts them as its last argument. */
export interface CallOptions {
  /**
   * Absolute time at which the call fails with `DEADLINE_EXCEEDED`. Sent to the server, which stops work at the same
   * moment. No deadline by default.
   */
  readonly deadline?: Date | undefined;
  /** Cancels the call when aborted; the call then fails with `CANCELLED`. */
  readonly signal?: AbortSignal | undefined;
  /** Sent to the server before the first message. */
  readonly metadata?: MetadataInit | undefined;
  /**
   * The call on the server for whose sake this one is made: it then ends no later than that one and with it, and
   * interceptors carry on its request id and its trace.
   */
  readonly parent?: ServerCall | undefined;
  /** Whether the call keeps the deadline of its {@link parent} and ends with it. Defaults to true. */
  readonly endWithParent?: boolean | undefined;
  /** Values for interceptors. */
  readonly values?: CallValues | undefined;
  /** Receives what the server sends before its first message. */
  readonly onHeader?: ((header: Metadata) => void) | undefined;
  /** Receives what the server sends after its last message, also when the call fails. */
  readonly onTrailer?: ((trailer: Metadata) => void) | undefined;
}

/** The requests of a streaming call: an array, a generator, or anything else that can be iterated. */
export type Requests<M extends MethodDefinition> =
  AsyncIterable<MessageInit<RequestOf<M>>> | Iterable<MessageInit<RequestOf<M>>>;

/**
 * The responses of a streaming call. The call runs as soon as it is made; responses wait, and the server with them,
 * until they are asked for. Leaving the loop early cancels the call.
 */
export interface Responses<T> extends AsyncIterableIterator<T, undefined> {
  return(): Promise<IteratorResult<T, undefined>>;
  [Symbol.asyncIterator](): Responses<T>;
  /** Cancels the call unless it has ended. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** One method, as a client calls it. Fails with a {@link StatusError}. */
export type ClientMethod<M extends MethodDefinition> = (
  request: M["requestStream"] extends true ? Requests<M> : MessageInit<RequestOf<M>>,
  options?: CallOptions,
) => M["responseStream"] extends true ? Responses<ResponseOf<M>> : Promise<ResponseOf<M>>;

/** A function for every method of a service. */
export type Client<S extends ServiceDefinition> = {
  readonly [Name in keyof S["methods"]]: ClientMethod<S["methods"][Name]>;
};
