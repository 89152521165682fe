import type { InterceptedClientCall, MessageHook, ServerCall } from "./call.js";
import { CallValues } from "./call-values.js";
import type { CallOptions } from "./client.js";
import { MessageHooks } from "./message-hooks.js";
import { Metadata } from "./metadata.js";
import type { Method } from "./method.js";
import { TrafficCounter } from "./traffic.js";
import type { OutgoingCall } from "./transport.js";

/** One call in the making: what interceptors see of it and what the transport reports about it. */
export class ClientCall implements InterceptedClientCall, OutgoingCall {
  readonly requestHooks = new MessageHooks();
  readonly responseHooks = new MessageHooks();
  readonly metadata: Metadata;
  readonly cancelSignal: AbortSignal | undefined;
  readonly parent: ServerCall | undefined;
  readonly traffic = new TrafficCounter();
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
    this.parent = options.parent;
    const heeded = options.endWithParent === false ? undefined : options.parent;
    this.cancelSignal = eitherSignal(options.signal, heeded?.signal);
    this.deadline = nearest(options.deadline, heeded?.deadline);
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
    await this.answer(response);
  }

  /** Does the same, and waits only where a hook does. */
  answer(response: unknown): void | Promise<void> {
    const shown = this.method.responseStream ? undefined : this.responseHooks.run(response);
    if (shown !== undefined) {
      return shown.then(() => {
        this.response = response;
      });
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

function eitherSignal(own: AbortSignal | undefined, inherited: AbortSignal | undefined): AbortSignal | undefined {
  return own === undefined || inherited === undefined ? (own ?? inherited) : AbortSignal.any([own, inherited]);
}

function nearest(own: Date | undefined, inherited: Date | undefined): Date | undefined {
  return own === undefined || (inherited !== undefined && inherited < own) ? inherited : own;
}
