import { LRUCache } from "lru-cache";
import type { RateLimit, RateLimitStore } from "./rate-limit-store.js";

/** How much of whose calls a process remembers. */
export interface MemoryStoreOptions {
  /**
   * Callers that are remembered for each method. When there are more, those whose last call is longest ago start anew, so
   * that a flood of made-up callers takes no more memory than this. Defaults to 10,000.
   */
  readonly maxKeys?: number | undefined;
  /** A clock in milliseconds, from any point in time. Defaults to `performance.now`, which is never set back. */
  readonly now?: (() => number) | undefined;
}

/** A store that answers at once. */
export interface MemoryStore extends RateLimitStore {
  counterOf(method: string, limit: RateLimit): (key: string) => number;
}

interface Window {
  spent: number;
  endsAtMs: number;
}

/**
 * Counts calls in the memory of this process: at once, and each process for itself.
 *
 * @throws TypeError for a `maxKeys` that is not a whole number above 0.
 */
export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { maxKeys = 10_000, now = () => performance.now() } = options;
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1) {
    throw new TypeError(`maxKeys is ${maxKeys}; it takes a whole number above 0`);
  }
  return {
    counterOf(_method, { requests, perMs, cost }) {
      const windows = new LRUCache<string, Window>({ max: maxKeys });
      return (key) => {
        const window = windows.get(key);
        const nowMs = now();
        const leftMs = window === undefined ? 0 : window.endsAtMs - nowMs;
        // More than a whole window is left only where the clock was set back.
        if (window === undefined || leftMs <= 0 || leftMs > perMs) {
          windows.set(key, { spent: cost, endsAtMs: nowMs + perMs });
          return 0;
        }
        if (window.spent + cost > requests) {
          return leftMs;
        }
        window.spent += cost;
        return 0;
      };
    },
  };
}
