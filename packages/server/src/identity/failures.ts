import { LRUCache } from "lru-cache";

/** How many are remembered, and by whose clock. */
export interface FailuresOptions {
  /** Beyond it, those that were not asked for the longest are forgotten. */
  readonly max: number;
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** What failures lead to. */
export interface FailureRule {
  /** Failures without any consequence. */
  readonly free: number;
  /** How long the next attempt has to wait after the first one that has a consequence; after each further one twice as long. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

interface Counted {
  readonly count: number;
  /** When the next attempt may come, in milliseconds since the epoch. */
  readonly nextAtMs: number;
  /** When all of them are forgotten. */
  readonly untilMs: number;
}

const forgottenAfterMs = 3_600_000;

/** Counts failures by key for an hour from the first one. */
export class Failures {
  readonly #counted: LRUCache<string, Counted>;
  readonly #now: () => number;

  constructor({ max, now }: FailuresOptions) {
    this.#counted = new LRUCache({ max });
    this.#now = now;
  }

  /** How long the next attempt has to wait; 0 when it need not. */
  waitMs(key: string): number {
    return Math.max(0, (this.#find(key)?.nextAtMs ?? 0) - this.#now());
  }

  count(key: string, { free, firstWaitMs, longestWaitMs }: FailureRule): void {
    const { count: before = 0, untilMs = this.#now() + forgottenAfterMs } = this.#find(key) ?? {};
    const count = before + 1;
    const waitMs = count <= free ? 0 : Math.min(firstWaitMs * 2 ** (count - free - 1), longestWaitMs);
    this.#counted.set(key, { count, nextAtMs: Math.min(this.#now() + waitMs, untilMs), untilMs });
  }

  /** Takes one back: the next attempt need not wait for it. */
  takeBack(key: string): void {
    const counted = this.#find(key);
    if (counted !== undefined) {
      this.#counted.set(key, { ...counted, count: Math.max(0, counted.count - 1), nextAtMs: 0 });
    }
  }

  forget(key: string): void {
    this.#counted.delete(key);
  }

  #find(key: string): Counted | undefined {
    const counted = this.#counted.get(key);
    return counted !== undefined && this.#now() < counted.untilMs ? counted : undefined;
  }
}
