import * as grpc from "@grpc/grpc-js";
import { endsInsideMessage, isCutOff } from "./grpc-js-internals.js";

/** What hears what a client sends. */
export type NativeListener = Parameters<grpc.ServerInterceptingCallInterface["start"]>[0];

/** Passes on what a client sends, and its end only where it is one. */
export class GuardedRequests implements NativeListener {
  readonly #call: grpc.ServerInterceptingCallInterface;
  readonly #listener: NativeListener;

  constructor(call: grpc.ServerInterceptingCallInterface, listener: NativeListener) {
    this.#call = call;
    this.#listener = listener;
  }

  onReceiveMetadata(metadata: grpc.Metadata): void {
    this.#listener.onReceiveMetadata(metadata);
  }

  onReceiveMessage(message: unknown): void {
    this.#listener.onReceiveMessage(message);
  }

  onReceiveHalfClose(): void {
    if (requestsAreComplete(this.#call)) {
      this.#listener.onReceiveHalfClose();
    }
  }

  onCancel(): void {
    this.#listener.onCancel();
  }
}

/** Whether the client has sent all of its requests, now that grpc-js says so. Ends a call whose last one is incomplete. */
export function requestsAreComplete(call: grpc.ServerInterceptingCallInterface): boolean {
  if (isCutOff(call)) {
    return false; // the cancellation follows, and nothing may take the requests for complete until then
  }
  if (endsInsideMessage(call)) {
    call.sendStatus({ code: grpc.status.INTERNAL, details: "the last request is incomplete", metadata: null });
    return false;
  }
  return true;
}
