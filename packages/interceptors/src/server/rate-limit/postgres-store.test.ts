import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { createMemoryStore } from "./memory-store.js";
import { createPostgresStore, type PostgresPool } from "./postgres-store.js";
import type { RateLimitStore } from "./rate-limit-store.js";
import { findTestDatabase } from "./test-database.fixture.js";

const hour = { requests: 2, perMs: 3_600_000, cost: 1 };
const patientMs = 30_000; // a busy machine may keep the database waiting for long

const database = await findTestDatabase();
const describeWithDatabase = database === undefined ? describe.skip : describe;

describeWithDatabase("createPostgresStore, with a PostgreSQL to count in", () => {
  const createPool = () => {
    if (database === undefined) {
      throw new Error("there is no database");
    }
    return database.createPool();
  };
  const onError = jest.fn<(error: unknown) => void>();
  const create = (table: string) => createPostgresStore({ pool: createPool(), table, timeoutMs: patientMs, onError });

  afterEach(() => {
    expect(onError).not.toHaveBeenCalled();
  });

  test("counts the calls of all processes together, each caller and each method for itself", async () => {
    const [one, other] = [create("together").counterOf("/m", hour), create("together").counterOf("/m", hour)];
    expect(await one("ada")).toBe(0);
    expect(await other("ada")).toBe(0);
    const waitMs = await one("ada");
    expect(waitMs).toBeGreaterThan(3_000_000);
    expect(waitMs).toBeLessThanOrEqual(3_600_000);
    expect(await other("grace")).toBe(0);
    expect(await create("together").counterOf("/n", hour)("ada")).toBe(0);
  });

  test("lets exactly as many of fifty calls at once through as the limit says", async () => {
    const [one, other] = [create("at_once").counterOf("/m", hour), create("at_once").counterOf("/m", hour)];
    const count = async (call: number) => (call % 2 === 0 ? one : other)("ada");
    const waitsMs = await Promise.all(Array.from({ length: 50 }, (_, call) => count(call)));
    expect(waitsMs.filter((waitMs) => waitMs === 0)).toHaveLength(hour.requests);
  });

  test("takes the cost of a call out of the limit", async () => {
    const count = create("cost").counterOf("/m", { requests: 10, perMs: 3_600_000, cost: 4 });
    expect([await count("ada"), await count("ada")]).toEqual([0, 0]);
    expect(await count("ada")).toBeGreaterThan(0);
  });

  test("asks the database nothing about a caller who is known to be over the limit", async () => {
    const pool = createPool();
    const store = createPostgresStore({ pool, table: "refused", timeoutMs: patientMs, onError });
    const count = store.counterOf("/m", { ...hour, requests: 1 });
    await count("ada");
    await count("ada");
    const query = jest.spyOn(pool, "query");
    for (let call = 0; call < 100; call++) {
      expect(await count("ada")).toBeGreaterThan(0);
    }
    expect(query).not.toHaveBeenCalled();
  });

  test.each([
    ["longer than the column", "x".repeat(10_000)],
    ["with a NUL", "a\u0000b"],
    ["with half a character", "\ud800"],
  ])("counts callers with a key %s", async (_case, key) => {
    const count = create("keys").counterOf("/m", { ...hour, requests: 1 });
    expect(await count(key)).toBe(0);
    expect(await count(key)).toBeGreaterThan(0);
  });

  test("uses a table that is there already", async () => {
    const pool = createPool();
    await pool.query(
      "create table ready (key varchar(255) primary key, points integer not null default 0, expire bigint)",
    );
    const store = createPostgresStore({ pool, table: "ready", createTable: false, timeoutMs: patientMs, onError });
    const count = store.counterOf("/m", { ...hour, requests: 1 });
    expect(await count("ada")).toBe(0);
    expect(await count("ada")).toBeGreaterThan(0);
  });

  test("counts for itself while the table is missing, and in the table as soon as it is there", async () => {
    const pool = createPool();
    const heard: unknown[] = [];
    const settings = { pool, table: "late", createTable: false, timeoutMs: patientMs, now: () => nowMs };
    let nowMs = 0;
    const store = createPostgresStore({ ...settings, restMs: 1_000, onError: (error) => heard.push(error) });
    const count = store.counterOf("/m", { ...hour, requests: 1 });
    expect(await count("ada")).toBe(0);
    expect(heard).toMatchObject([{ code: "42P01" }]);
    await pool.query(
      "create table late (key varchar(255) primary key, points integer not null default 0, expire bigint)",
    );
    nowMs = 1_000;
    await count("ada");
    expect((await pool.query("select key from late")).rows).toEqual([{ key: "/m ada" }]);
  });
});

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
