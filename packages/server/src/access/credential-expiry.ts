import { setTimeout as delay } from "node:timers/promises";
import type { Caller } from "@rollcall/interceptors/server/caller";
import type { InterceptedServerCall } from "@rollcall/rpc";
import { credentialsRejected } from "../services/errors.js";

/** What time it is, and how it passes. */
export interface ExpiryClock {
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Waits that many milliseconds; rejects when the signal is aborted. Defaults to a timer that keeps no process running. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

const longestTimerMs = 2 ** 31 - 1;

/** Ends a call when its caller's credentials run out. */
export class CredentialExpiry {
  readonly #call: Pick<InterceptedServerCall, "abort">;
  readonly #now: () => number;
  readonly #sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  #waiting: AbortController | undefined;

  constructor(call: Pick<InterceptedServerCall, "abort">, { now = Date.now, sleep = sleepUnnoticed }: ExpiryClock) {
    this.#call = call;
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Goes by these credentials from now on. */
  follow(caller: Caller | undefined): void {
    this.stop();
    if (caller?.expiresAt !== undefined) {
      this.#waiting = new AbortController();
      this.#endAt(caller.expiresAt.getTime(), this.#waiting.signal).catch(() => undefined); // it was stopped
    }
  }

  stop(): void {
    this.#waiting?.abort();
  }

  async #endAt(endMs: number, signal: AbortSignal): Promise<void> {
    // Timers fire early at times, and none is as long as some keys last.
    for (let remainingMs = endMs - this.#now(); remainingMs > 0; remainingMs = endMs - this.#now()) {
      await this.#sleep(Math.min(remainingMs, longestTimerMs), signal);
    }
    this.#call.abort(credentialsRejected());
  }
}

async function sleepUnnoticed(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false });
}
