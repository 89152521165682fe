import * as grpc from "@grpc/grpc-js";
import type { Method, StatusError } from "@rollcall/rpc";
import { createDeferred, statusOf, toStatusObject, type UnexpectedErrorListener } from "@rollcall/rpc/grpc";
import { HandlerEnd, type HandlerStatus } from "./handler-end.js";
import { ResponseSender } from "./response-sender.js";
import { ServedCall } from "./served-call.js";
import { rememberCall } from "./server-call-of.js";
import { showMessage } from "./show-message.js";

/** A call as a server of grpc-js has it, below an interceptor. */
export type NativeCall = grpc.ServerInterceptingCallInterface;

/** Who takes what arrives: the handler, or an interceptor nearer to it. */
export type RequestListener = Parameters<NativeCall["start"]>[0];

/** How the calls of a method are served. */
export interface ServedMethod {
  readonly method: Method;
  /** Runs the interceptors and, within them, the call's `handle`. */
  readonly run: (call: ServedCall) => Promise<void>;
  readonly onUnexpectedError: UnexpectedErrorListener;
}

/** The messages of one call, on their way from the client to the handler and back. */
export class Exchange {
  readonly call: ServedCall;
  readonly #native: NativeCall;
  readonly #served: ServedMethod;
  readonly #handler: RequestListener;
  readonly #sender: ResponseSender;
  readonly #handled = createDeferred<undefined>();
  #end: HandlerEnd | undefined;
  #isHandled = false;
  #isMalformed = false;

  constructor(native: NativeCall, served: ServedMethod, handler: RequestListener, metadata: grpc.Metadata) {
    this.#native = native;
    this.#served = served;
    this.#handler = handler;
    this.call = new ServedCall(served.method, metadata, native, this);
    this.#sender = new ResponseSender(native, this.call);
    rememberCall(metadata, this.call);
  }

  /** The client's metadata has arrived. Interceptors also await the request where there is one. */
  begin(): void {
    if (this.call.method.requestStream) {
      void this.#perform();
    } else {
      this.#native.startRead();
    }
  }

  receive(message: unknown): void {
    const { call } = this;
    call.traffic.countRequest(message);
    if (call.method.requestStream) {
      const proceed = () => {
        this.#handler.onReceiveMessage(message);
      };
      showMessage(call.requestHooks, message, proceed, this.#handled.reject);
    } else if (call.traffic.requests === 1) {
      call.request = message;
      this.#native.startRead();
    } else {
      this.#refuse([call.request, message]);
    }
  }

  receiveEnd(): void {
    if (this.call.method.requestStream) {
      this.#handler.onReceiveHalfClose();
    } else if (this.call.traffic.requests === 1) {
      void this.#perform();
    } else {
      this.#refuse([]);
      this.#handler.onReceiveHalfClose();
    }
  }

  /** Leaves it to grpc-js to say that there was no request, or more than one. */
  #refuse(messages: readonly unknown[]): void {
    this.#isMalformed = true;
    this.#handler.onReceiveMetadata(this.call.nativeMetadata);
    for (const message of messages) {
      this.#handler.onReceiveMessage(message);
    }
  }

  startRead(): void {
    if (this.call.method.requestStream) {
      this.#native.startRead();
    }
  }

  async #perform(): Promise<void> {
    try {
      await this.#served.run(this.call);
      this.#succeed();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Lets the call through to its handler. Settles as the handler ends it. */
  async handle(): Promise<void> {
    const { call } = this;
    if (this.#isHandled) {
      throw new Error(`next was called again for ${call.method.path}; on a server it runs once`);
    }
    this.#isHandled = true;
    if (!call.method.requestStream) {
      await call.requestHooks.run(call.request);
    }
    call.signal.throwIfAborted();
    this.#handler.onReceiveMetadata(call.nativeMetadata);
    if (!call.method.requestStream) {
      this.#handler.onReceiveMessage(call.request);
      this.#handler.onReceiveHalfClose();
    }
    await this.#handled.promise;
  }

  answerHeader(metadata: grpc.Metadata): void {
    this.#sender.handlerHeader = metadata;
    this.#sender.sendHeader();
  }

  answer(message: unknown, done: () => void): void {
    const { call } = this;
    const proceed = () => {
      if (call.method.responseStream) {
        this.#sender.sendMessage(message, done);
      } else {
        call.response = message;
        done();
      }
    };
    showMessage(call.responseHooks, message, proceed, this.#handled.reject);
  }

  answerStatus(status: HandlerStatus): void {
    if (this.#isMalformed) {
      this.#sender.end(status);
      return;
    }
    this.#end = new HandlerEnd(status);
    if (this.#end.error === undefined) {
      this.#handled.resolve(undefined);
    } else {
      this.#handled.reject(this.#end.error);
    }
  }

  async respond(response: unknown): Promise<void> {
    const { call } = this;
    if (!call.method.responseStream) {
      await call.responseHooks.run(response);
      call.response = response;
      return;
    }
    // `respond` asks for an iterable where responses are streamed.
    await this.#sender.sendAll(response as AsyncIterable<unknown> | Iterable<unknown>);
  }

  sendHeader(): void {
    this.#sender.sendHeader();
  }

  /** Ends the call before its work does: interceptors hear of it first, and none can hold it up. */
  end(reason: StatusError): void {
    this.#handled.reject(reason);
    this.#sender.stop(reason);
    setImmediate(() => {
      this.#fail(reason);
    });
  }

  #succeed(): void {
    const { call } = this;
    const { details = "OK", metadata } = this.#end?.status ?? {};
    const ok: HandlerStatus = { code: grpc.status.OK, details, metadata };
    if (call.method.responseStream) {
      if (call.header.size > 0) {
        this.#sender.sendHeader();
      }
      this.#sender.end(ok);
      return;
    }
    if (call.response === undefined) {
      throw new Error(`the handler of ${call.method.path} answered nothing`);
    }
    call.ending.finish();
    this.#sender.sendMessage(call.response, () => {
      this.#sender.end(ok);
    });
  }

  #fail(error: unknown): void {
    if (this.#sender.isEnded) {
      return;
    }
    if (this.#end !== undefined && this.#end.error === error) {
      this.#sender.end(this.#end.status);
      return;
    }
    const sent = toStatusObject(statusOf(error, this.call, this.#served.onUnexpectedError), undefined);
    this.#sender.end(this.#end?.annotate(sent) ?? sent);
  }
}
