import type { EventEmitter } from "node:events";
import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type * as grpc from "@grpc/grpc-js";

/** The part of grpc-js's call that says whether a message has begun and not ended. */
interface DecoderState {
  readonly decoder?: { readonly readState?: number };
}

const noMessageBegun = 0;

/**
 * Whether the client has stopped in the middle of a message. grpc-js drops such a piece and takes the stream for whole,
 * so that half an upload would pass for all of it.
 *
 * This reads a private field of grpc-js, whose version is pinned. Where the field is missing the answer is false, which is
 * grpc-js's own behaviour; a test fails then.
 */
export function endsInsideMessage(call: grpc.ServerInterceptingCallInterface): boolean {
  // The field is private, hence not in the interface.
  const state = (call as DecoderState).decoder?.readState;
  return state !== undefined && state !== noMessageBegun;
}

/** The part of grpc-js's call that says how its HTTP/2 stream has ended. */
interface StreamState {
  readonly stream?: { readonly rstCode?: number | undefined; readonly destroyed?: boolean };
}

/**
 * Whether the client has cut the call off. grpc-js then tells first of the end of the requests, as if the client had sent
 * all of them, and only afterwards that the call is cancelled, so that half an upload would pass for all of it.
 *
 * This reads a private field as well, and answers false where it is missing; a test fails then.
 */
export function isCutOff(call: grpc.ServerInterceptingCallInterface): boolean {
  // The field is private, hence not in the interface.
  const { stream } = call as StreamState;
  return stream !== undefined && (stream.destroyed === true || (stream.rstCode ?? 0) !== 0);
}

/** The part of grpc-js's call that knows the connection. */
interface SessionState {
  readonly stream?: { readonly session?: { readonly encrypted?: boolean } | undefined };
}

/** The HTTP/2 stream of a call. Undefined where the private field is missing. */
export function streamOf(call: grpc.ServerInterceptingCallInterface): object | undefined {
  return (call as StreamState).stream; // private, hence not in the interface
}

/** What all calls of one connection have in common, and no others. Undefined where the private field is missing. */
export function sessionOf(call: grpc.ServerInterceptingCallInterface): { readonly encrypted?: boolean } | undefined {
  return (call as SessionState).stream?.session; // private, hence not in the interface
}

/** The part of grpc-js's call that knows who is going to answer it. */
interface HandlerState {
  readonly handler?: { readonly func?: object };
}

/** The handler that grpc-js will hand the call to. Undefined where the private field is missing. */
export function handlerOf(call: grpc.ServerInterceptingCallInterface): object | undefined {
  return (call as HandlerState).handler?.func; // private, hence not in the interface
}

/** What hears of each HTTP/2 stream of a server. */
type StreamListener = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number) => void;

/** Where the streams of an injector's connections come from. */
export interface StreamSource {
  /** Puts a listener in the place of grpc-js's own, which the new one may forward to. */
  replace(createListener: (forward: StreamListener) => StreamListener): void;
  /** Tells of each connection's session, while its socket is being injected. */
  onSession(listener: (session: Http2Session) => void): void;
}

/** The part of grpc-js's server that knows its HTTP/2 servers and its methods. */
interface ServerState {
  readonly http2Servers?: ReadonlyMap<EventEmitter, unknown>;
  readonly handlers?: ReadonlyMap<string, unknown>;
}

/**
 * Makes an injector, and finds the streams of the connections that will be given to it: grpc-js answers unknown methods and
 * foreign content types before any interceptor. Undefined where its private field is missing; a test fails then.
 */
export function streamSourceMadeBy(
  server: grpc.Server,
  createInjector: () => grpc.ConnectionInjector,
): readonly [grpc.ConnectionInjector, StreamSource | undefined] {
  // The fields are private, hence not in the class's type.
  const { http2Servers } = server as unknown as ServerState;
  const known = new Set(http2Servers?.keys());
  const injector = createInjector();
  const made = [...(http2Servers?.keys() ?? [])].find((candidate) => !known.has(candidate));
  return [injector, made === undefined ? undefined : streamSource(made)];
}

function streamSource(http2Server: EventEmitter): StreamSource {
  return {
    replace: (createListener) => {
      replaceListener(http2Server, createListener);
    },
    onSession: (listener) => {
      http2Server.on("session", listener);
    },
  };
}

function replaceListener(http2Server: EventEmitter, createListener: (forward: StreamListener) => StreamListener): void {
  const [own, ...others] = http2Server.listeners("stream");
  if (own !== undefined && others.length === 0) {
    http2Server.off("stream", own as StreamListener); // what listens to this event takes its arguments
    http2Server.on("stream", createListener(own as StreamListener));
  }
}

/** Whether the server has a method of this path. True where the private field is missing: grpc-js then answers as ever. */
export function hasMethod(server: grpc.Server, path: string): boolean {
  return (server as unknown as ServerState).handlers?.has(path) ?? true; // private as well
}
