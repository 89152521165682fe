import type { InterceptedClientCall, MessageHook } from "./call.js";
import { CallValues } from "./call-values.js";
import type { CallOptions } from "./client.js";
import { MessageHooks } from "./message-hooks.js";
import { Metadata } from "./metadata.js";
import type { Method } from "./method.js";
import type { OutgoingCall } from "./transport.js";

/** One call in the making: what interceptors see of it and what the transport reports about it. */
export class ClientCall implements InterceptedClientCall, OutgoingCall {
  readonly requestHooks = new MessageHooks();
  readonly responseHooks = new MessageHooks();
  readonly metadata: Metadata;
  readonly cancelSignal: AbortSignal | undefined;
  deadline: Date | undefined;
  response: unknown;
  header: Metadata | undefined;
  trailer: Metadata | undefined;
  readonly #options: CallOptions;
  #signal: AbortSignal | undefined;
  #values: CallValues | undefined;

  /**
   * @param input - The request, or where requests are streamed an iterable of them.
   */
  constructor(
    readonly method: Method,
    readonly input: unknown,
    options: CallOptions,
  ) {
    this.#options = options;
    this.metadata = options.metadata === undefined ? new Metadata() : Metadata.from(options.metadata);
    this.cancelSignal = options.signal;
    this.deadline = options.deadline;
  }

  get request(): unknown {
    return this.method.requestStream ? undefined : this.input;
  }

  get signal(): AbortSignal {
    this.#signal ??= this.cancelSignal ?? new AbortController().signal;
    return this.#signal;
  }

  get values(): CallValues {
    this.#values ??= this.#options.values ?? new CallValues();
    return this.#values;
  }

  onRequest(hook: MessageHook): void {
    this.requestHooks.add(hook);
  }

  onResponse(hook: MessageHook): void {
    this.responseHooks.add(hook);
  }

  async respond(response: unknown): Promise<void> {
    if (!this.method.responseStream) {
      await this.responseHooks.run(response);
    }
    this.response = response;
  }

  receiveHeader(header: Metadata): void {
    this.header = header;
    this.#options.onHeader?.(header);
  }

  receiveTrailer(trailer: Metadata): void {
    this.trailer = trailer;
    this.#options.onTrailer?.(trailer);
  }
}
