import { Status, StatusError } from "@rollcall/rpc";

const longestTimerMs = 2 ** 31 - 1;
const slackMs = 20; // a timer may fire early, and a client that gives up at its deadline may be heard before that

/** Why and when a call on the server ends before its work does: cancelled, past its deadline, or aborted. */
export class EndOfCall {
  readonly #aborting = new AbortController();
  readonly #onEnd: (reason: StatusError) => void;
  readonly #askedMs: number;
  #deadlineMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /**
   * @param askedMs - The deadline of the client, in milliseconds since the epoch, or Infinity. grpc-js ends the call then.
   * @param onEnd - Called at most once, with the status to end the call with.
   */
  constructor(askedMs: number, onEnd: (reason: StatusError) => void) {
    this.#askedMs = askedMs;
    this.#deadlineMs = askedMs;
    this.#onEnd = onEnd;
  }

  get signal(): AbortSignal {
    return this.#aborting.signal;
  }

  get deadline(): Date | undefined {
    return this.#deadlineMs === Infinity ? undefined : new Date(this.#deadlineMs);
  }

  /** Moves the deadline to an earlier time. */
  limit(deadline: Date): void {
    const timeMs = deadline.getTime();
    if (this.#isOver || timeMs >= this.#deadlineMs) {
      return;
    }
    this.#deadlineMs = timeMs;
    clearTimeout(this.#timer);
    const remainingMs = timeMs - Date.now();
    if (remainingMs <= longestTimerMs) {
      this.#timer = setTimeout(() => {
        this.end(overdue());
      }, remainingMs).unref();
    }
  }

  /** The client has gone, or grpc-js has ended the call at the deadline that the client asked for. */
  cancel(): void {
    const isOverdue = this.#askedMs <= Date.now() + slackMs;
    const cancelled = new StatusError(Status.CANCELLED, "the client cancelled the call, or its connection was lost");
    this.end(isOverdue ? overdue() : cancelled);
  }

  /** Ends the call with this status. */
  end(reason: StatusError): void {
    if (!this.#isOver) {
      this.finish();
      this.#aborting.abort(reason);
      this.#onEnd(reason);
    }
  }

  /** The call has ended as it should: from here on nothing aborts it. */
  finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }
}

function overdue(): StatusError {
  return new StatusError(Status.DEADLINE_EXCEEDED, "the deadline of the call has passed");
}
