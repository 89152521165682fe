import type * as grpc from "@grpc/grpc-js";
import type { ErrorStatus } from "./status-object.js";

/** What a call knows of the connection that it came by, in grpc-js's terms. */
export type NativeAuthContext = ReturnType<grpc.ServerInterceptingCallInterface["getAuthContext"]>;

/** What the calls of all four kinds have in common in grpc-js. */
export interface NativeCall {
  readonly cancelled: boolean;
  readonly metadata: grpc.Metadata;
  getDeadline(): grpc.Deadline;
  getPeer(): string;
  getAuthContext(): NativeAuthContext;
  sendMetadata(metadata: grpc.Metadata): void;
  once(event: "cancelled", listener: () => void): unknown;
}

/** How a call ended, in grpc-js's terms: with an error, or else with a response where it is not streamed. */
export interface Outcome {
  readonly error: ErrorStatus | null;
  readonly response: unknown;
  readonly trailer: grpc.Metadata | undefined;
}

/** Tells a call's client how it ended. Called once. */
export type EndNativeCall = (outcome: Outcome) => void;

/** Serves one call of a method, from its request on where it takes one. */
export type Serve = (native: NativeCall, request: unknown, end: EndNativeCall) => void;
