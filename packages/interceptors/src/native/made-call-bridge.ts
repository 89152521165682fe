import * as grpc from "@grpc/grpc-js";
import { errorCodeOf, type Method, StatusError } from "@rollcall/rpc";
import { toStatusObject } from "@rollcall/rpc/grpc";
import { Attempt, type NativeCall, type ResponseListener } from "./attempt.js";
import { MadeCall } from "./made-call.js";
import { ReadRequests } from "./read-requests.js";
import { type MessageContext, RequestQueue } from "./request-queue.js";

/** How the calls of a method are made. */
export interface MadeMethod {
  readonly method: Method;
  /** Runs the interceptors and, within them, the call's `attempt`. */
  readonly run: (call: MadeCall) => Promise<void>;
}

/**
 * Lets interceptors stand between a client of grpc-js and one call. What the client sends is held back until they let the
 * call through; a response that is the only one, and the status, until they have seen it.
 */
export class MadeCallBridge implements NativeCall {
  readonly #made: MadeMethod;
  readonly #options: grpc.InterceptorOptions;
  readonly #nextCall: grpc.NextCall;
  readonly #requests = new RequestQueue();
  readonly #reads = new ReadRequests();
  #call: MadeCall | undefined;
  #client: ResponseListener = {};
  #attempt: Attempt | undefined;
  #isOver = false;

  constructor(made: MadeMethod, options: grpc.InterceptorOptions, nextCall: grpc.NextCall) {
    this.#made = made;
    this.#options = options;
    this.#nextCall = nextCall;
  }

  start(metadata: grpc.Metadata, client: ResponseListener = {}): void {
    const call: MadeCall = new MadeCall(this.#made.method, metadata, this.#options, {
      attempt: () => this.#makeAttempt(call),
    });
    this.#call = call;
    this.#client = client;
    if (call.method.requestStream) {
      void this.#perform(call);
    }
  }

  sendMessage(message: unknown): void {
    this.sendMessageWithContext({}, message);
  }

  sendMessageWithContext(context: MessageContext, message: unknown): void {
    this.#requests.add(context, message);
    const call = this.#call;
    if (call?.method.requestStream !== true) {
      return;
    }
    if (this.#attempt !== undefined) {
      this.#requests.sendStreamed(call, this.#attempt);
    } else if (this.#isOver) {
      this.#requests.discard();
    }
  }

  halfClose(): void {
    this.#requests.halfClose();
    if (this.#made.method.requestStream) {
      this.#attempt?.native.halfClose();
    } else if (this.#call !== undefined) {
      this.#call.request = this.#requests.message;
      void this.#perform(this.#call);
    }
  }

  startRead(): void {
    if (this.#attempt === undefined) {
      this.#reads.add();
    } else if (this.#made.method.responseStream) {
      this.#attempt.native.startRead();
    }
  }

  cancelWithStatus(code: grpc.status, details: string): void {
    this.#call?.aborting.abort(new StatusError(errorCodeOf(code), details, { received: true }));
    this.#attempt?.native.cancelWithStatus(code, details);
  }

  getPeer(): string {
    return this.#attempt?.native.getPeer() ?? "unknown";
  }

  getAuthContext(): ReturnType<NativeCall["getAuthContext"]> {
    return this.#attempt?.native.getAuthContext() ?? null;
  }

  async #perform(call: MadeCall): Promise<void> {
    const status = await this.#run(call);
    this.#isOver = true;
    this.#requests.discard();
    this.#client.onReceiveStatus?.(status);
  }

  /** Runs the call to its end, which is never a rejection. */
  async #run(call: MadeCall): Promise<grpc.StatusObject> {
    try {
      await this.#made.run(call);
      if (call.method.responseStream && this.#attempt === undefined) {
        await this.#respond(call);
      }
    } catch (error) {
      return this.#statusOf(error);
    }
    if (!call.method.responseStream) {
      this.#passResponse(call);
    }
    const metadata = this.#attempt?.status?.metadata ?? new grpc.Metadata();
    return { code: grpc.status.OK, details: "OK", metadata };
  }

  async #makeAttempt(call: MadeCall): Promise<void> {
    const { method, signal } = call;
    if (this.#attempt !== undefined && method.kind !== "unary") {
      throw new Error(`next was called again for ${method.path}; where messages are streamed it runs once`);
    }
    if (!method.requestStream) {
      await call.requestHooks.run(call.request);
    }
    signal.throwIfAborted();
    const native = this.#nextCall({ ...this.#options, deadline: call.deadline ?? Infinity });
    this.#attempt = new Attempt(call, native, this.#client);
    this.#attempt.start();
    if (method.responseStream) {
      this.#reads.forward(native);
    }
    this.#requests.send(call, this.#attempt);
    await this.#attempt.ended;
  }

  /** Gives the client the only response, after the header that came with it. */
  #passResponse(call: MadeCall): void {
    const header = this.#attempt?.header;
    if (header !== undefined) {
      this.#client.onReceiveMetadata?.(header);
    }
    this.#client.onReceiveMessage?.(call.response ?? null);
  }

  /** Gives the client the responses that an interceptor gave in place of the server, as it asks for them. */
  async #respond(call: MadeCall): Promise<void> {
    // `respond` asks for an iterable where responses are streamed.
    for await (const message of (call.response ?? []) as AsyncIterable<unknown> | Iterable<unknown>) {
      await this.#reads.next(call.signal);
      await call.responseHooks.run(message);
      this.#client.onReceiveMessage?.(message);
    }
  }

  #statusOf(error: unknown): grpc.StatusObject {
    const { error: received, status } = this.#attempt ?? {};
    if (error === received && status !== undefined) {
      return status;
    }
    if (error instanceof StatusError) {
      return toStatusObject(error, undefined);
    }
    return { code: grpc.status.UNKNOWN, details: String(error), metadata: new grpc.Metadata() };
  }
}
