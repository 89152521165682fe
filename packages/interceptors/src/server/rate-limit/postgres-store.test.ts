import { describe, expect, jest, test } from "@jest/globals";
import { createMemoryStore } from "./memory-store.js";
import { createPostgresStore, type PostgresPool } from "./postgres-store.js";
import type { RateLimitStore } from "./rate-limit-store.js";

const hour = { requests: 2, perMs: 3_600_000, cost: 1 };
describe("createPostgresStore, with a database that fails", () => {
  const down = new Error("connect ECONNREFUSED");

  /** A store whose clock stands still until it is told to go on, and how often its database was asked. */
  const createFailing = (query: PostgresPool["query"], insurance?: RateLimitStore) => {
    let nowMs = 0;
    const asked = jest.fn(query);
    const heard: unknown[] = [];
    const store = createPostgresStore({
      pool: { query: asked },
      createTable: false,
      insurance,
      timeoutMs: 20,
      onError: (error) => heard.push(error),
      now: () => nowMs,
    });
    const passMs = (ms: number) => {
      nowMs += ms;
    };
    return { count: store.counterOf("/m", hour), asked, heard, passMs };
  };

  test("counts in memory, and tells of it once", async () => {
    const { count, heard } = createFailing(() => Promise.reject(down));
    expect([await count("ada"), await count("ada")]).toEqual([0, 0]);
    expect(await count("ada")).toBeGreaterThan(0);
    expect(heard).toEqual([down]);
  });

  test("counts in memory when the database does not answer in time", async () => {
    const { count, heard } = createFailing(() => new Promise(() => undefined));
    expect(await count("ada")).toBe(0);
    expect(heard).toEqual([new Error("the database did not count the call within 20 ms")]);
  });

  test("leaves the database alone for a second, then asks again", async () => {
    const { count, asked, passMs } = createFailing(() => Promise.reject(down));
    await count("ada");
    passMs(999);
    expect(count("ada")).toBe(0); // at once, not a promise
    expect(asked).toHaveBeenCalledTimes(1);
    passMs(1);
    await count("ada");
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test("goes back to the database as soon as that answers", async () => {
    const answers = [
      Promise.reject(down),
      Promise.resolve({ rows: [{ points: 3, expire: String(Date.now() + 60_000) }] }),
    ];
    const { count, passMs } = createFailing(() => answers.shift() ?? Promise.reject(down));
    expect(await count("ada")).toBe(0);
    passMs(1_000);
    expect(await count("ada")).toBeGreaterThan(0);
  });

  test("asks again about a caller over the limit when the clock was set back, rather than wait until it has caught up", async () => {
    const overLimit = () => Promise.resolve({ rows: [{ points: 3, expire: String(Date.now() + 60_000) }] });
    const { count, asked, passMs } = createFailing(overLimit);
    await count("ada");
    await count("ada");
    expect(asked).toHaveBeenCalledTimes(1);
    passMs(-2 * hour.perMs);
    await count("ada");
    expect(asked).toHaveBeenCalledTimes(2);
  });

  test("counts where it is told to in the meantime", async () => {
    const { count } = createFailing(() => Promise.reject(down), { counterOf: () => () => 77 });
    expect(await count("ada")).toBe(77);
  });

  test("tries to create its table again after that failed", async () => {
    const texts: string[] = [];
    let nowMs = 0;
    const pool: PostgresPool = {
      query({ text }) {
        texts.push(text.trim().split(" ", 1).join());
        return Promise.reject(down);
      },
    };
    const count = createPostgresStore({ pool, now: () => nowMs, insurance: createMemoryStore() }).counterOf("/m", hour);
    await count("ada");
    nowMs = 1_000;
    await count("ada");
    expect(texts).toEqual(["CREATE", "CREATE"]);
  });

  test.each([{ timeoutMs: 0 }, { timeoutMs: Number.NaN }, { restMs: -1 }, { restMs: Infinity }])(
    "refuses %p",
    (times) => {
      const pool: PostgresPool = { query: () => Promise.reject(down) };
      expect(() => createPostgresStore({ pool, ...times })).toThrow("it takes a number of milliseconds above 0");
    },
  );
});
