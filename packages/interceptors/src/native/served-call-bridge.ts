import * as grpc from "@grpc/grpc-js";
import { Exchange, type NativeCall, type RequestListener, type ServedMethod } from "./exchange.js";
import type { HandlerStatus } from "./handler-end.js";

/**
 * Lets interceptors stand between grpc-js and the handler of one call. What arrives is held back until they let the call
 * through, and what the handler answers until they have seen it.
 */
export class ServedCallBridge extends grpc.ServerInterceptingCall {
  readonly #native: NativeCall;
  readonly #served: ServedMethod;
  #exchange: Exchange | undefined;

  constructor(native: NativeCall, served: ServedMethod) {
    super(native);
    this.#native = native;
    this.#served = served;
  }

  override start(listener: RequestListener): void {
    this.#native.start({
      onReceiveMetadata: (metadata) => {
        this.#exchange = new Exchange(this.#native, this.#served, listener, metadata);
        this.#exchange.begin();
      },
      onReceiveMessage: (message) => this.#exchange?.receive(message),
      onReceiveHalfClose: () => this.#exchange?.receiveEnd(),
      onCancel: () => {
        this.#exchange?.call.ending.cancel();
        listener.onCancel();
      },
    });
  }

  override startRead(): void {
    this.#exchange?.startRead();
  }

  override sendMetadata(metadata: grpc.Metadata): void {
    this.#exchange?.answerHeader(metadata);
  }

  override sendMessage(message: unknown, done: () => void): void {
    this.#exchange?.answer(message, done);
  }

  override sendStatus(status: HandlerStatus): void {
    if (this.#exchange === undefined) {
      this.#native.sendStatus(status); // an interceptor nearer to the handler refuses the call unseen
    } else {
      this.#exchange.answerStatus(status);
    }
  }
}
