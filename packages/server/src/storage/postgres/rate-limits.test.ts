import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createPostgresStore } from "@rollcall/interceptors/server/rate-limit/postgres";
import pg from "pg";
import { createTestDatabase } from "../test-postgres.fixture.js";

const hour = { requests: 2, perMs: 3_600_000, cost: 1 };
const patientMs = 30_000; // a busy machine may keep the database waiting for long

describe("rate limits that are counted in PostgreSQL", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  const pools: pg.Pool[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database[Symbol.asyncDispose]();
  });

  const createPool = () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 4 });
    pools.push(pool);
    return pool;
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
