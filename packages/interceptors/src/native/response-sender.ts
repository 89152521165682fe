import type * as grpc from "@grpc/grpc-js";
import type { StatusError } from "@rollcall/rpc";
import type { HandlerStatus } from "./handler-end.js";
import { joinedMetadata } from "./joined-metadata.js";
import type { ServedCall } from "./served-call.js";

/** What goes out to the client of one call: the header once and first, the status once and last. */
export class ResponseSender {
  /** What the handler wants in the header. */
  handlerHeader: grpc.Metadata | undefined;
  readonly #native: grpc.ServerInterceptingCallInterface;
  readonly #call: ServedCall;
  #isHeaderSent = false;
  #isEnded = false;
  #stop: ((reason: StatusError) => void) | undefined;

  constructor(native: grpc.ServerInterceptingCallInterface, call: ServedCall) {
    this.#native = native;
    this.#call = call;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  sendHeader(): void {
    if (!this.#isHeaderSent && !this.#isEnded) {
      this.#isHeaderSent = true;
      this.#native.sendMetadata(joinedMetadata(this.handlerHeader, this.#call.header));
    }
  }

  /**
   * Sends a response.
   *
   * @param done - Called once there is room for the next.
   */
  sendMessage(message: unknown, done: () => void): void {
    if (!this.#isEnded) {
      this.sendHeader();
      this.#call.traffic.countResponse(message);
      this.#native.sendMessage(message, done);
    }
  }

  /**
   * Sends an interceptor's responses, as fast as the client takes them.
   *
   * @throws the reason with which the call is ended before that.
   */
  async sendAll(messages: AsyncIterable<unknown> | Iterable<unknown>): Promise<void> {
    const { responseHooks, signal } = this.#call;
    for await (const message of messages) {
      await responseHooks.run(message);
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        this.#stop = reject;
        this.sendMessage(message, resolve);
      });
    }
  }

  /** Lets nobody wait any longer for the client to take a response. */
  stop(reason: StatusError): void {
    this.#stop?.(reason);
  }

  /** Ends the call. What interceptors have put into the trailer goes with the status. */
  end({ code, details, metadata }: HandlerStatus): void {
    if (!this.#isEnded) {
      this.#isEnded = true;
      this.#call.ending.finish();
      this.#native.sendStatus({ code, details, metadata: joinedMetadata(metadata, this.#call.trailer) });
    }
  }
}
