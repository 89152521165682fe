import * as grpc from "@grpc/grpc-js";
import { Status, StatusError } from "@rollcall/rpc";
import { createDeferred, fromGrpcMetadata, fromStatusObject } from "@rollcall/rpc/grpc";
import type { MadeCall } from "./made-call.js";
import { showMessage } from "./show-message.js";

/** A call as grpc-js makes it, below an interceptor. */
export type NativeCall = ReturnType<grpc.NextCall>;

/** Who hears what comes back of a call. */
export type ResponseListener = Partial<grpc.InterceptingListener>;

/** One time that a call is made: what comes back is told to the call, and streamed responses to the client at once. */
export class Attempt {
  readonly native: NativeCall;
  /** The error that stands for the status, where that is none of success. */
  error: StatusError | undefined;
  header: grpc.Metadata | undefined;
  status: grpc.StatusObject | undefined;
  readonly #call: MadeCall;
  readonly #client: ResponseListener;
  readonly #ended = createDeferred<undefined>();
  #isShowing = false;

  constructor(call: MadeCall, native: NativeCall, client: ResponseListener) {
    this.#call = call;
    this.native = native;
    this.#client = client;
    call.header = undefined;
    call.trailer = undefined;
    call.response = undefined;
  }

  /** Settles as the call ends. */
  get ended(): Promise<undefined> {
    return this.#ended.promise;
  }

  start(): void {
    this.native.start(this.#call.sentMetadata(), {
      onReceiveMetadata: (metadata) => {
        this.#receiveHeader(metadata);
      },
      onReceiveMessage: (message) => {
        this.#receive(message);
      },
      onReceiveStatus: (status) => {
        this.#receiveStatus(status);
      },
    });
  }

  /** Ends the call because of something that went wrong on this side. */
  fail(error: unknown): void {
    this.#ended.reject(error);
    this.native.cancelWithStatus(grpc.status.CANCELLED, "the client failed");
  }

  #receiveHeader(metadata: grpc.Metadata): void {
    this.header = metadata;
    this.#call.header = fromGrpcMetadata(metadata);
    if (this.#call.method.responseStream) {
      this.#client.onReceiveMetadata?.(metadata);
    }
  }

  #receive(message: unknown): void {
    if (message === null) {
      return; // how grpc-js says that there is no response to come
    }
    this.#isShowing = true;
    this.#call.traffic.countResponse(message);
    const proceed = () => {
      this.#isShowing = false;
      this.#pass(message);
      this.#settle();
    };
    const fail = (error: unknown) => {
      this.fail(error);
    };
    showMessage(this.#call.responseHooks, message, proceed, fail);
  }

  #pass(message: unknown): void {
    if (this.#call.method.responseStream) {
      this.#client.onReceiveMessage?.(message);
    } else {
      this.#call.response = message;
    }
  }

  #receiveStatus(status: grpc.StatusObject): void {
    this.status = status;
    this.#call.trailer = fromGrpcMetadata(status.metadata);
    this.#settle();
  }

  /** Ends the call once its status is there and its last response has been shown. */
  #settle(): void {
    const { status } = this;
    if (status === undefined || this.#isShowing) {
      return;
    }
    if (status.code !== grpc.status.OK) {
      this.error = fromStatusObject(status);
      this.#ended.reject(this.error);
    } else if (!this.#call.method.responseStream && this.#call.response === undefined) {
      const details = `${this.#call.method.path} answered no message instead of one`;
      this.#ended.reject(new StatusError(Status.UNIMPLEMENTED, details, { received: true }));
    } else {
      this.#ended.resolve(undefined);
    }
  }
}
