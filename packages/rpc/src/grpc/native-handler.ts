import type * as grpc from "@grpc/grpc-js";
import type { Method } from "../method.js";
import type { EndNativeCall, Serve } from "./native-call.js";

/** What the handlers of unary methods stand for. */
const unaryServers = new WeakMap<object, Serve>();

/** The one place that knows how grpc-js serves each of the four kinds of method. */
export function nativeHandler({ kind }: Method, serve: Serve): grpc.UntypedHandleCall {
  const unary: grpc.handleUnaryCall<unknown, unknown> = (native, callback) => {
    serve(native, native.request, callWith(callback));
  };
  const clientStreaming: grpc.handleClientStreamingCall<unknown, unknown> = (native, callback) => {
    serve(native, undefined, callWith(callback));
  };
  const serverStreaming: grpc.handleServerStreamingCall<unknown, unknown> = (native) => {
    serve(native, native.request, endOf(native));
  };
  const bidiStreaming: grpc.handleBidiStreamingCall<unknown, unknown> = (native) => {
    serve(native, undefined, endOf(native));
  };
  if (kind === "unary") {
    unaryServers.set(unary, serve);
    // grpc-js binds handlers to the object they come in, for which this one has no use, and would make another of it.
    Object.defineProperty(unary, "bind", { value: () => unary });
  }
  return { unary, clientStreaming, serverStreaming, bidiStreaming }[kind];
}

/**
 * What serves a unary method's calls, for whoever has no use for the stream that grpc-js makes of each. Undefined unless
 * the handler is one of ours as it was made: around another one somebody may have put something.
 */
export function unaryServerOf(handler: object | undefined): Serve | undefined {
  return handler === undefined ? undefined : unaryServers.get(handler);
}

function callWith(callback: grpc.sendUnaryData<unknown>): EndNativeCall {
  return ({ error, response, trailer }) => {
    callback(error, response, trailer);
  };
}

function endOf(
  native: grpc.ServerWritableStream<unknown, unknown> | grpc.ServerDuplexStream<unknown, unknown>,
): EndNativeCall {
  return ({ error, trailer }) => {
    if (native.destroyed) {
      return;
    }
    if (error === null) {
      native.end(trailer);
    } else {
      native.emit("error", error); // how grpc-js takes a status: it ends the stream with it
    }
  };
}
