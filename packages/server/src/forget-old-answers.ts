import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "./logger.js";
import type { Store } from "./storage/store.js";

/** How long answers are kept, and how often the old ones go. */
export interface ForgetOldAnswersOptions {
  readonly logger: Logger;
  /** How long the answer to a `request_id` is kept, in milliseconds. Defaults to a day. */
  readonly keepMs?: number | undefined;
  /** How long to wait between two rounds, in milliseconds. Defaults to an hour. */
  readonly intervalMs?: number | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Ends the rounds when aborted. */
  readonly signal: AbortSignal;
}

const hourMs = 3_600_000;

/**
 * Removes the answers to requests that nobody is going to repeat any more, and what is kept of credentials that ran out, now
 * and then until it is told to stop.
 */
export async function forgetOldAnswers(store: Store, options: ForgetOldAnswersOptions): Promise<void> {
  const { logger, keepMs = 24 * hourMs, intervalMs = hourMs, now = Date.now, signal } = options;
  while (!signal.aborted) {
    try {
      await store.forgetAnswersBefore(new Date(now() - keepMs));
      await store.forgetIdentityBefore(new Date(now() - keepMs));
    } catch (error) {
      logger.warn({ error }, "could not remove old answers; the next round makes up for it");
    }
    await wait(intervalMs, undefined, { signal, ref: false }).catch(() => undefined); // told to stop
  }
}
