import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import type { NativeCall } from "./native-call.js";

const longestTimerMs = 2 ** 31 - 1;
const slackMs = 20; // a timer may fire early, and a client that gives up at its deadline may be heard before that

/** What watches over a call on the server, once somebody asks for that: it is aborted when it ends before its work does. */
export class Lifetime {
  readonly #native: NativeCall;
  readonly #endNative: (reason: StatusError) => void;
  readonly #abortion = new AbortController();
  #limit: Date | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /**
   * @param endNative - Ends the call for its client, at a deadline that grpc-js does not know of.
   */
  constructor(native: NativeCall, endNative: (reason: StatusError) => void) {
    this.#native = native;
    this.#endNative = endNative;
  }

  get signal(): AbortSignal {
    return this.#abortion.signal;
  }

  get deadline(): Date | undefined {
    return this.#limit ?? askedDeadline(this.#native);
  }

  watch(): void {
    this.#native.once("cancelled", () => {
      this.#abortCancelled();
    });
    if (this.#native.cancelled) {
      this.#abortCancelled();
    }
    this.#startTimer();
  }

  /** Makes the deadline an earlier one. */
  limit(deadline: Date): void {
    const current = this.deadline;
    if (current === undefined || deadline < current) {
      this.#limit = deadline;
      this.#startTimer();
    }
  }

  abort(reason: StatusError): void {
    if (!this.#over) {
      this.#abortion.abort(reason);
    }
  }

  /** The work has ended: from here on nothing aborts it. */
  finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  /** grpc-js cancels an overdue call only once its peer has taken what was written; a peer that stalls never does. */
  #startTimer(): void {
    clearTimeout(this.#timer);
    const { deadline } = this;
    const remainingMs = deadline === undefined ? Infinity : deadline.getTime() - Date.now();
    if (remainingMs <= longestTimerMs) {
      this.#timer = setTimeout(() => {
        this.#expire();
      }, remainingMs).unref();
    }
  }

  #expire(): void {
    const reason = overdue();
    this.abort(reason);
    if (this.#limit !== undefined) {
      this.#endNative(reason);
    }
  }

  #abortCancelled(): void {
    const { deadline } = this;
    const isOverdue = deadline !== undefined && deadline.getTime() <= Date.now() + slackMs;
    this.abort(isOverdue ? overdue() : cancelled());
  }
}

/** The deadline that came with the call. */
export function askedDeadline(native: NativeCall): Date | undefined {
  const deadline = native.getDeadline();
  if (deadline instanceof Date) {
    return deadline;
  }
  return deadline === Infinity ? undefined : new Date(deadline);
}

function overdue(): StatusError {
  return new StatusError(Status.DEADLINE_EXCEEDED, "the deadline of the call has passed");
}

function cancelled(): StatusError {
  return new StatusError(Status.CANCELLED, "the client cancelled the call, or its connection was lost");
}
