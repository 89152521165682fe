import type * as grpc from "@grpc/grpc-js";
import type { Metadata } from "../metadata.js";
import type { Method } from "../method.js";
import { IncomingCall } from "./incoming-call.js";
import { toGrpcMetadata } from "./grpc-metadata.js";
import { OutgoingResponse } from "./outgoing-response.js";
import { toStatusObject } from "./status-object.js";
import { statusOf, type UnexpectedErrorListener } from "./unexpected-error.js";

type Run = (call: IncomingCall) => Promise<void>;

/** The one place that knows how grpc-js serves each of the four kinds of method. */
export function nativeHandler(
  method: Method,
  run: Run,
  onUnexpectedError: UnexpectedErrorListener,
): grpc.UntypedHandleCall {
  const serve = (call: IncomingCall) => settle(call, run, onUnexpectedError);
  const unary: grpc.handleUnaryCall<unknown, unknown> = (native, callback) =>
    void serve(new IncomingCall(method, native, native.request)).then(callWith(callback));
  const clientStreaming: grpc.handleClientStreamingCall<unknown, unknown> = (native, callback) =>
    void serve(new IncomingCall(method, native, undefined)).then(callWith(callback));
  const serverStreaming: grpc.handleServerStreamingCall<unknown, unknown> = (native) =>
    void serve(new IncomingCall(method, native, native.request)).then(endOf(native));
  const bidiStreaming: grpc.handleBidiStreamingCall<unknown, unknown> = (native) =>
    void serve(new IncomingCall(method, native, undefined)).then(endOf(native));
  return { unary, clientStreaming, serverStreaming, bidiStreaming }[method.kind];
}

/** How a call ended, in grpc-js's terms. */
interface Outcome {
  readonly error: ReturnType<typeof toStatusObject> | null;
  readonly response: unknown;
  readonly trailer: grpc.Metadata | undefined;
}

/** Runs a call to its end. Never rejects: a rejection in a grpc-js handler ends the process. */
async function settle(call: IncomingCall, run: Run, onUnexpectedError: UnexpectedErrorListener): Promise<Outcome> {
  try {
    await run(call);
    if (call.response === undefined && !call.method.responseStream) {
      throw new Error(`the handler of ${call.method.path} answered nothing`);
    }
    call.finish(true);
    return { error: null, response: new OutgoingResponse(call.response, call), trailer: trailerOf(call.sentTrailer) };
  } catch (error) {
    call.finish(false);
    const status = statusOf(error, call, onUnexpectedError);
    return { error: toStatusObject(status, call.sentTrailer), response: undefined, trailer: undefined };
  }
}

function trailerOf(trailer: Metadata | undefined): grpc.Metadata | undefined {
  return trailer === undefined ? undefined : toGrpcMetadata(trailer);
}

function callWith(callback: grpc.sendUnaryData<unknown>): (outcome: Outcome) => void {
  return ({ error, response, trailer }) => {
    callback(error, response, trailer);
  };
}

function endOf(
  native: grpc.ServerWritableStream<unknown, unknown> | grpc.ServerDuplexStream<unknown, unknown>,
): (outcome: Outcome) => void {
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
