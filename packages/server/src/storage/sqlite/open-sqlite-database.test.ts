import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { createStore } from "../create-store.js";
import { givenStore, createTestHome } from "../test-store.fixture.js";
import { openSqliteDatabase } from "./open-sqlite-database.js";

describe("SQLite", () => {
  const given = givenStore("SQLite");

  test("storing 10,000 users lets the event loop turn at least every 150 ms", async () => {
    const longestMs: number[] = [];
    for (let batch = 0; batch < 3; batch += 1) {
      const users = Array.from({ length: 10_000 }, (_, number) => ({
        name: `User ${number}`,
        email: `user.${number}@${batch}.example.com`,
        status: 1,
        roles: ["reader"],
        metadata: { team: "core" },
      }));
      longestMs.push(await measureLongestTurn(() => given.store.write((unit) => unit.users.insertMany(users))));
    }

    // The best of three, since the machine may have other things to do.
    expect(Math.min(...longestMs)).toBeLessThan(150);
  });

  test("reads go on while a unit of work is open", async () => {
    const user = await given.store.write((unit) =>
      unit.users.insert({ name: "Ada", email: "ada@example.com", status: 1 }),
    );

    await given.store.write(async (unit) => {
      await unit.users.update(user.id, { name: "Ada King" });
      await expect(given.store.users.find(user.id)).resolves.toEqual(user);
    });

    await expect(given.store.users.find(user.id)).resolves.toMatchObject({ name: "Ada King" });
  });

  test("a loop of nothing but queries does not grow", async () => {
    const growthBytes: number[] = [];
    for (let window = 0; window < 4; window += 1) {
      const beforeBytes = process.memoryUsage.rss();
      for (let query = 0; query < 15_000; query += 1) {
        await given.store.users.find("nobody");
      }
      growthBytes.push(process.memoryUsage.rss() - beforeBytes);
    }

    // The heap grows in steps of its own; what is never freed grows in every window, and by twice as much.
    expect(Math.min(...growthBytes)).toBeLessThan(6e6);
  });

  test("a full disk is told apart, reads go on, and so do writes once there is space", async () => {
    await using home = await createTestHome("SQLite");
    const database = await openSqliteDatabase({ dataDir: home.options.dataDir });
    const store = createStore(database);
    const insertLong = (number: number) =>
      store.write((unit) => unit.users.insert({ name: "x".repeat(50_000), email: `${number}@example.com`, status: 1 }));
    const user = await insertLong(0);

    await sql`pragma max_page_count = 1`.execute(database.writes);
    await expect(insertLong(1)).rejects.toMatchObject({ kind: "full" });
    await expect(store.users.find(user.id)).resolves.toEqual(user);
    await expect(insertLong(2)).rejects.toMatchObject({ kind: "full" });

    await sql`pragma max_page_count = 1000000`.execute(database.writes);
    await expect(insertLong(3)).resolves.toMatchObject({ version: 1 });
    await store.close();
  });

  test("a value that would end the process is refused", async () => {
    await using home = await createTestHome("SQLite");
    const database = await openSqliteDatabase({ dataDir: home.options.dataDir });

    await expect(sql`select ${true}`.execute(database.reads)).rejects.toMatchObject({ kind: "internal" });
    await expect(sql`select ${undefined}`.execute(database.reads)).rejects.toMatchObject({ kind: "internal" });
    await database.close();
  });

  test("closing waits for the unit of work that is open", async () => {
    await using home = await createTestHome("SQLite");
    const database = await openSqliteDatabase({ dataDir: home.options.dataDir });
    const store = createStore(database);
    const events: string[] = [];

    const writing = store.write(async (unit) => {
      await unit.users.insert({ name: "Ada", email: "ada@example.com", status: 1 });
      await nextTurn();
      events.push("written");
    });
    await nextTurn();
    await Promise.all([writing, store.close().then(() => events.push("closed"))]);

    expect(events).toEqual(["written", "closed"]);
  });

  test("a store that is closed says so", async () => {
    await using home = await createTestHome("SQLite");
    const database = await openSqliteDatabase({ dataDir: home.options.dataDir });
    const store = createStore(database);
    await store.close();
    const closed = { kind: "unavailable", message: "the store is closed" };

    await expect(store.users.find("nobody")).rejects.toMatchObject(closed);
    await expect(store.ping()).rejects.toMatchObject(closed);
  });
});

/** The longest time, in milliseconds, that the event loop took for one turn while `work` ran. */
async function measureLongestTurn(work: () => Promise<unknown>): Promise<number> {
  let turnedAtMs = performance.now();
  let longestMs = 0;
  const turn = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - turnedAtMs);
    turnedAtMs = nowMs;
  };
  const timer = setInterval(turn, 1);
  await work();
  clearInterval(timer);
  turn();
  return longestMs;
}
