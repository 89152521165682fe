import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import type { RateLimit } from "./rate-limit-store.js";

/** What is asked of a pool of connections. A `Pool` of the package `pg` fits. */
export interface PostgresPool {
  query(query: { text: string; name?: string; values?: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** Where the counts are, and how long to wait for them. */
export interface DatabaseCounterOptions {
  readonly pool: PostgresPool;
  readonly table: string;
  readonly createTable: boolean;
  readonly timeoutMs: number;
  /** A clock in milliseconds, from any point in time. */
  readonly now: () => number;
}

const maxRefusedKeys = 10_000;
const storableKey = /^[\x20-\x7e]{1,255}$/; // the library's column holds so many characters, and PostgreSQL no NUL

/**
 * Counts the calls of one method in the database and nowhere else. Remembers who is over the limit, so that those who go on
 * calling do not reach it.
 *
 * @returns a counter that fails when the database does, or when it is late.
 */
export function createDatabaseCounter(
  method: string,
  limit: RateLimit,
  options: DatabaseCounterOptions,
): (key: string) => Promise<number> {
  const { timeoutMs, now } = options;
  const refusedUntilMs = new LRUCache<string, number>({ max: maxRefusedKeys });
  const limiterOf = onceItSucceeds(() => openLimiter(limit, options));
  const consume = async (key: string) => waitAfter(await limiterOf(), rowKey(method, key), limit.cost);
  return async (key) => {
    const knownMs = (refusedUntilMs.get(key) ?? -Infinity) - now();
    // More than a whole window is left only where the clock was set back.
    if (knownMs > 0 && knownMs <= limit.perMs) {
      return knownMs;
    }
    const waitMs = await within(timeoutMs, consume(key));
    if (waitMs > 0) {
      refusedUntilMs.set(key, now() + waitMs);
    }
    return waitMs;
  };
}

function openLimiter(
  { requests, perMs }: RateLimit,
  { pool, table, createTable }: DatabaseCounterOptions,
): Promise<RateLimiterPostgres> {
  const settings = {
    storeClient: pool,
    storeType: "pool",
    tableName: table,
    tableCreated: !createTable,
    keyPrefix: "",
    points: requests,
    duration: perMs / 1_000,
  };
  return new Promise((resolve, reject) => {
    // The library calls back before or after its constructor returns. Without a callback its failures end the process.
    const limiter: RateLimiterPostgres = new RateLimiterPostgres(settings, (error) => {
      if (error === undefined) {
        queueMicrotask(() => {
          resolve(limiter);
        });
      } else {
        reject(error);
      }
    });
  });
}

/** How long to wait with the call, in milliseconds; 0 when it may run. */
async function waitAfter(limiter: RateLimiterPostgres, key: string, cost: number): Promise<number> {
  try {
    await limiter.consume(key, cost);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) {
      return Math.max(1, refusal.msBeforeNext);
    }
    throw refusal;
  }
}

function rowKey(method: string, key: string): string {
  const whole = `${method} ${key}`;
  return storableKey.test(whole) ? whole : createHash("sha256").update(whole).digest("hex");
}

/** Makes something at the first call and keeps it, but asks again as long as that fails. */
function onceItSucceeds<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the database did not count the call within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
