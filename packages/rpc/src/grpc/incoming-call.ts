import type { Duplex } from "node:stream";
import type { ConnectionSecurity, InterceptedServerCall, MessageHook } from "../call.js";
import { CallValues } from "../call-values.js";
import { MessageHooks } from "../message-hooks.js";
import { Metadata } from "../metadata.js";
import type { Method } from "../method.js";
import type { StatusError } from "../status-error.js";
import { TrafficCounter } from "../traffic.js";
import { fromGrpcMetadata, toFinalMetadata } from "./grpc-metadata.js";
import type { IncomingRequest } from "./incoming-request.js";
import { askedDeadline, Lifetime } from "./lifetime.js";
import type { EndNativeCall, NativeCall, Outcome } from "./native-call.js";
import { OutgoingResponse } from "./outgoing-response.js";
import { readRequests } from "./read-requests.js";
import { toStatusObject } from "./status-object.js";
import { writeMessages } from "./write-messages.js";

/** One call on the server. What few calls need is made when it is first asked for. */
export class IncomingCall implements InterceptedServerCall {
  readonly request: unknown;
  response: unknown;
  readonly traffic = new TrafficCounter();
  readonly #native: NativeCall;
  readonly #endNative: EndNativeCall;
  #metadata: Metadata | undefined;
  #header: Metadata | undefined;
  #trailer: Metadata | undefined;
  #values: CallValues | undefined;
  #requestHooks: MessageHooks | undefined;
  #responseHooks: MessageHooks | undefined;
  #lifetime: Lifetime | undefined;
  #headerSent = false;
  #ended = false;

  /**
   * @param request - The request of a method that takes one, as grpc-js delivers it.
   * @param endNative - Called once.
   */
  constructor(
    readonly method: Method,
    native: NativeCall,
    request: unknown,
    endNative: EndNativeCall,
  ) {
    this.#native = native;
    this.#endNative = endNative;
    this.request = request === undefined ? undefined : this.#take(request);
  }

  get metadata(): Metadata {
    return (this.#metadata ??= fromGrpcMetadata(this.#native.metadata));
  }

  get peer(): string {
    return this.#native.getPeer();
  }

  get connection(): ConnectionSecurity {
    const { transportSecurityType, sslPeerCertificate } = this.#native.getAuthContext();
    return { encrypted: transportSecurityType === "ssl", clientCertificate: sslPeerCertificate?.raw };
  }

  get deadline(): Date | undefined {
    return this.#lifetime === undefined ? askedDeadline(this.#native) : this.#lifetime.deadline;
  }

  get header(): Metadata {
    return (this.#header ??= new Metadata());
  }

  get trailer(): Metadata {
    return (this.#trailer ??= new Metadata());
  }

  get values(): CallValues {
    return (this.#values ??= new CallValues());
  }

  get signal(): AbortSignal {
    return this.#watched().signal;
  }

  /** Why the call was aborted, if it was. */
  get abortReason(): unknown {
    const aborted = this.#native.cancelled || this.#lifetime?.signal.aborted === true;
    return aborted ? (this.signal.reason as unknown) : undefined;
  }

  onRequest(hook: MessageHook): void {
    (this.#requestHooks ??= new MessageHooks()).add(hook);
  }

  onResponse(hook: MessageHook): void {
    (this.#responseHooks ??= new MessageHooks()).add(hook);
  }

  /** Shows the request of a method that takes one to the hooks. */
  checkRequest(): void | Promise<void> {
    return this.#requestHooks?.run(this.request);
  }

  /** The requests of a method that streams them. */
  requests(): AsyncIterable<unknown> {
    // grpc-js gives the methods that stream requests a Duplex.
    const requests = readRequests(this.#native as unknown as Duplex, this.signal, (request) => this.#take(request));
    return this.#requestHooks?.watch(requests) ?? requests;
  }

  async respond(response: unknown): Promise<void> {
    await this.answer(response);
  }

  /** Does the same, and waits only where there is something to wait for. */
  answer(response: unknown): void | Promise<void> {
    if (this.method.responseStream) {
      // grpc-js gives the methods that stream responses a Writable or a Duplex, and `Handler` asks for an iterable.
      const stream = this.#native as unknown as Duplex;
      const responses = response as AsyncIterable<unknown> | Iterable<unknown>;
      return writeMessages(stream, responses, this.signal, (message) => this.#toChunk(message));
    }
    const shown = this.#responseHooks?.run(response);
    if (shown !== undefined) {
      return shown.then(() => {
        this.response = response;
      });
    }
    this.response = response;
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

  limitDeadline(deadline: Date): void {
    if (!this.#ended) {
      this.#watched().limit(deadline);
    }
  }

  #take(request: unknown): unknown {
    const { message, bytes } = request as IncomingRequest; // the method's deserializer makes nothing else
    this.traffic.countRequest(bytes);
    return message;
  }

  sendHeader(): void {
    if (!this.#headerSent) {
      this.#headerSent = true;
      this.#native.sendMetadata(toFinalMetadata(this.#header));
    }
  }

  abort(reason: StatusError): void {
    if (!this.#ended) {
      this.#watched().abort(reason);
    }
  }

  /** Throws why the call was aborted, if it was. */
  throwIfAborted(): void {
    if (this.abortReason !== undefined) {
      throw this.abortReason as Error; // our signal is aborted with errors only
    }
  }

  /** Ends the call with `OK`. A header that was set goes out before the answer. */
  succeed(): void {
    if (this.response === undefined && !this.method.responseStream) {
      throw new Error(`the handler of ${this.method.path} answered nothing`);
    }
    this.#lifetime?.finish();
    if (!this.#ended) {
      this.#sendPendingHeader();
      const trailer = toFinalMetadata(this.#trailer);
      this.#end({ error: null, response: new OutgoingResponse(this.response, this), trailer });
    }
  }

  /** Ends the call with an error, unless it has ended. */
  fail(error: StatusError): void {
    this.#lifetime?.finish();
    this.#endEarly(error);
  }

  #endEarly(error: StatusError): void {
    if (!this.#ended) {
      this.#end({ error: toStatusObject(error, this.#trailer), response: undefined, trailer: undefined });
    }
  }

  #end(outcome: Outcome): void {
    this.#ended = true;
    this.#endNative(outcome);
  }

  #sendPendingHeader(): void {
    if (this.#header !== undefined && this.#header.size > 0) {
      this.sendHeader();
    }
  }

  #watched(): Lifetime {
    if (this.#lifetime === undefined) {
      this.#lifetime = new Lifetime(this.#native, (reason) => {
        this.#endEarly(reason);
      });
      if (!this.#ended) {
        this.#lifetime.watch();
      }
    }
    return this.#lifetime;
  }
}
