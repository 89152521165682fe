import { createDatabaseCounter, type PostgresPool } from "./database-counter.js";
import { createMemoryStore } from "./memory-store.js";
import type { RateLimitStore } from "./rate-limit-store.js";

export type { PostgresPool } from "./database-counter.js";

/** Where calls are counted, and what happens where that cannot be. */
export interface PostgresStoreOptions {
  /** Carries the queries. Closing it is left to whoever made it. */
  readonly pool: PostgresPool;
  /** The table that holds the counts. Defaults to `rate_limits`. */
  readonly table?: string | undefined;
  /** Whether the table is created when the first call is counted, unless there is one. Defaults to true. */
  readonly createTable?: boolean | undefined;
  /** Counts while the database does not. Defaults to the memory of this process. */
  readonly insurance?: RateLimitStore | undefined;
  /** How long a call waits for the database before the insurance counts it. Defaults to 250 milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** How long the database is left alone after it failed. Defaults to 1 second. */
  readonly restMs?: number | undefined;
  /** Hears of each failure of the database, for a log. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** A clock in milliseconds, from any point in time. Defaults to `performance.now`, which is never set back. */
  readonly now?: (() => number) | undefined;
}

/**
 * Counts calls in PostgreSQL, for all processes of a server together. It costs a query for each call, but none for callers
 * that are known to be over their limit.
 *
 * No call fails because the database does: while it is down or slow, the insurance counts.
 *
 * @throws TypeError for times that are not above 0.
 */
export function createPostgresStore(options: PostgresStoreOptions): RateLimitStore {
  const { insurance = createMemoryStore(), restMs = 1_000, onError, now = () => performance.now() } = options;
  const { pool, table = "rate_limits", createTable = true, timeoutMs = 250 } = options;
  checkTimes({ timeoutMs, restMs });
  let restsUntilMs = -Infinity;
  return {
    counterOf(method, limit) {
      const countInDatabase = createDatabaseCounter(method, limit, { pool, table, createTable, timeoutMs, now });
      const countMeanwhile = insurance.counterOf(method, limit);
      return (key) => {
        if (now() < restsUntilMs) {
          return countMeanwhile(key);
        }
        return countInDatabase(key).catch((error: unknown) => {
          restsUntilMs = now() + restMs;
          onError?.(error);
          return countMeanwhile(key);
        });
      };
    },
  };
}

function checkTimes(times: Readonly<Record<string, number>>): void {
  for (const [name, ms] of Object.entries(times)) {
    if (!Number.isFinite(ms) || ms <= 0) {
      throw new TypeError(`${name} is ${ms}; it takes a number of milliseconds above 0`);
    }
  }
}
