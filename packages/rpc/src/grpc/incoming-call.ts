import type { Duplex } from "node:stream";
import type * as grpc from "@grpc/grpc-js";
import type { InterceptedServerCall, MessageHook } from "../call.js";
import { CallValues } from "../call-values.js";
import { MessageHooks } from "../message-hooks.js";
import { Metadata } from "../metadata.js";
import type { Method } from "../method.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { fromGrpcMetadata, toGrpcMetadata } from "./grpc-metadata.js";
import { MessageReader } from "./message-reader.js";
import { OutgoingResponse } from "./outgoing-response.js";
import { writeMessages } from "./write-messages.js";

/** What the calls of all four kinds have in common in grpc-js. */
export interface NativeCall {
  readonly cancelled: boolean;
  readonly metadata: grpc.Metadata;
  getDeadline(): grpc.Deadline;
  getPeer(): string;
  sendMetadata(metadata: grpc.Metadata): void;
  once(event: "cancelled", listener: () => void): unknown;
}

const longestTimerMs = 2 ** 31 - 1;
const slackMs = 20; // a timer may fire early, and a client that gives up at its deadline may be heard before that

/** One call on the server. What few calls need is made when it is first asked for. */
export class IncomingCall implements InterceptedServerCall {
  response: unknown;
  readonly #native: NativeCall;
  #metadata: Metadata | undefined;
  #header: Metadata | undefined;
  #trailer: Metadata | undefined;
  #values: CallValues | undefined;
  #requestHooks: MessageHooks | undefined;
  #responseHooks: MessageHooks | undefined;
  #abortion: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #headerSent = false;
  #finished = false;

  /**
   * @param request - The request of a method that takes one.
   */
  constructor(
    readonly method: Method,
    native: NativeCall,
    readonly request: unknown,
  ) {
    this.#native = native;
  }

  get metadata(): Metadata {
    return (this.#metadata ??= fromGrpcMetadata(this.#native.metadata));
  }

  get peer(): string {
    return this.#native.getPeer();
  }

  get deadline(): Date | undefined {
    const deadline = this.#native.getDeadline();
    if (deadline instanceof Date) {
      return deadline;
    }
    return deadline === Infinity ? undefined : new Date(deadline);
  }

  get header(): Metadata {
    return (this.#header ??= new Metadata());
  }

  get trailer(): Metadata {
    return (this.#trailer ??= new Metadata());
  }

  /** The trailer, where anybody has asked for it. */
  get sentTrailer(): Metadata | undefined {
    return this.#trailer;
  }

  get values(): CallValues {
    return (this.#values ??= new CallValues());
  }

  get signal(): AbortSignal {
    return this.#listenForEnd().signal;
  }

  /** Why the call was aborted, if it was. */
  get abortReason(): unknown {
    return this.#native.cancelled || this.#abortion?.signal.aborted === true
      ? (this.signal.reason as unknown)
      : undefined;
  }

  onRequest(hook: MessageHook): void {
    (this.#requestHooks ??= new MessageHooks()).add(hook);
  }

  onResponse(hook: MessageHook): void {
    (this.#responseHooks ??= new MessageHooks()).add(hook);
  }

  /** Shows a request to the hooks. */
  async checkRequest(request: unknown): Promise<void> {
    await this.#requestHooks?.run(request);
  }

  /** The requests of a method that streams them. */
  requests(): AsyncIterable<unknown> {
    // grpc-js gives the methods that stream requests a Duplex.
    const stream = this.#native as unknown as Duplex;
    const reader = new MessageReader(stream, () => stream.resume());
    stream.once("end", () => {
      reader.end();
    });
    this.signal.addEventListener("abort", () => {
      reader.fail(this.signal.reason);
    });
    if (this.signal.aborted) {
      reader.fail(this.signal.reason);
    }
    return this.#requestHooks?.watch(reader) ?? reader;
  }

  async respond(response: unknown): Promise<void> {
    if (!this.method.responseStream) {
      await this.#responseHooks?.run(response);
      this.response = response;
      return;
    }
    // grpc-js gives the methods that stream responses a Writable or a Duplex, and `Handler` asks for an iterable.
    const stream = this.#native as unknown as Duplex;
    const responses = response as AsyncIterable<unknown> | Iterable<unknown>;
    await writeMessages(stream, responses, this.signal, (message) => this.#toChunk(message));
  }

  #toChunk(message: unknown): OutgoingResponse | Promise<OutgoingResponse> {
    const chunk = new OutgoingResponse(message, this);
    const checked = this.#responseHooks?.run(message);
    if (checked !== undefined) {
      return checked.then(() => this.#afterHeader(chunk));
    }
    return this.#afterHeader(chunk);
  }

  #afterHeader(chunk: OutgoingResponse): OutgoingResponse {
    this.#sendPendingHeader();
    return chunk;
  }

  sendHeader(): void {
    if (!this.#headerSent) {
      this.#headerSent = true;
      this.#native.sendMetadata(toGrpcMetadata(this.header));
    }
  }

  abort(reason: StatusError): void {
    if (!this.#finished) {
      this.#listenForEnd().abort(reason);
    }
  }

  /** Throws why the call was aborted, if it was. */
  throwIfAborted(): void {
    if (this.abortReason !== undefined) {
      throw this.abortReason as Error; // our signal is aborted with errors only
    }
  }

  /** The call has ended: from here on nothing aborts it. A header that was set goes out with a successful answer. */
  finish(succeeded: boolean): void {
    this.#finished = true;
    clearTimeout(this.#timer);
    if (succeeded) {
      this.#sendPendingHeader();
    }
  }

  #sendPendingHeader(): void {
    if (this.#header !== undefined && this.#header.size > 0) {
      this.sendHeader();
    }
  }

  #listenForEnd(): AbortController {
    if (this.#abortion === undefined) {
      this.#abortion = new AbortController();
      this.#native.once("cancelled", () => {
        this.abort(this.#endReason());
      });
      if (!this.#finished) {
        this.#startTimer();
      }
      if (this.#native.cancelled) {
        this.abort(this.#endReason());
      }
    }
    return this.#abortion;
  }

  /** grpc-js cancels an overdue call only once its peer has taken what was written; a peer that stalls never does. */
  #startTimer(): void {
    const remainingMs = this.deadline === undefined ? Infinity : this.deadline.getTime() - Date.now();
    if (remainingMs <= longestTimerMs) {
      this.#timer = setTimeout(() => {
        this.abort(this.#endReason());
      }, remainingMs).unref();
    }
  }

  #endReason(): StatusError {
    const overdue = this.deadline !== undefined && this.deadline.getTime() <= Date.now() + slackMs;
    return overdue
      ? new StatusError(Status.DEADLINE_EXCEEDED, "the deadline of the call has passed")
      : new StatusError(Status.CANCELLED, "the client cancelled the call, or its connection was lost");
  }
}
