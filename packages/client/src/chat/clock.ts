import { setTimeout as wait } from "node:timers/promises";

/** What time it is, and how to let some pass. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /**
   * Waits for `ms` milliseconds.
   *
   * @throws the signal's reason, or an AbortError, when it is aborted before or meanwhile.
   */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** The clock of this machine. To wait by it keeps no program running. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => wait(Math.min(ms, longestTimerMs), undefined, { signal, ref: false }),
};
