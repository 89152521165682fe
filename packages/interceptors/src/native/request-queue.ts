import type { Attempt, NativeCall } from "./attempt.js";
import type { MadeCall } from "./made-call.js";
import { showMessage } from "./show-message.js";

/** What grpc-js's client says of a request that it sends. */
export type MessageContext = Parameters<NativeCall["sendMessageWithContext"]>[0];

/**
 * What the client sends before interceptors let the call through. That is never more than one request and the end: where
 * requests are streamed, the next comes once this one is taken.
 */
export class RequestQueue {
  #request: { readonly context: MessageContext; readonly message: unknown } | undefined;
  #isHalfClosed = false;

  /** The request that waits. */
  get message(): unknown {
    return this.#request?.message;
  }

  add(context: MessageContext, message: unknown): void {
    this.#request = { context, message };
  }

  halfClose(): void {
    this.#isHalfClosed = true;
  }

  /** Sends what waits. A single request keeps waiting, for the call to be made again. */
  send(call: MadeCall, attempt: Attempt): void {
    if (call.method.requestStream) {
      this.sendStreamed(call, attempt);
    } else if (this.#request !== undefined) {
      call.traffic.countRequest(this.#request.message);
      attempt.native.sendMessageWithContext(this.#request.context, this.#request.message);
    }
    if (this.#isHalfClosed) {
      attempt.native.halfClose();
    }
  }

  /** Sends the streamed request that waits, if one does. */
  sendStreamed(call: MadeCall, attempt: Attempt): void {
    const request = this.#request;
    if (request === undefined) {
      return;
    }
    this.#request = undefined;
    const proceed = () => {
      call.traffic.countRequest(request.message);
      attempt.native.sendMessageWithContext(request.context, request.message);
    };
    const fail = (error: unknown) => {
      attempt.fail(error);
    };
    showMessage(call.requestHooks, request.message, proceed, fail);
  }

  /** Lets the client go on that waits until its request is sent: the call ended before it was made. */
  discard(): void {
    this.#request?.context.callback?.();
    this.#request = undefined;
  }
}
