import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { createStore } from "../create-store.js";
import { eventually } from "../eventually.fixture.js";
import type { OpenStoreOptions } from "../open-store.js";
import { openStore } from "../open-store.js";
import type { Store } from "../store.js";
import type { TestDatabase } from "../test-postgres.fixture.js";
import { createTestDatabase } from "../test-postgres.fixture.js";
import type { User } from "../user.js";
import { openPostgresDatabase } from "./open-postgres-database.js";

let database: TestDatabase;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

function someone() {
  count += 1;
  return { name: "Ada", email: `ada.${count}@example.com`, status: 1 };
}

async function open(options: Partial<OpenStoreOptions> = {}): Promise<Store & AsyncDisposable> {
  const store = await openStore({ databaseUrl: database.url, dataDir: "unused", ...options });
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}

/** Ends every connection of the store, as an administrator does. */
async function terminate(): Promise<void> {
  await database.query(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
}

/** Resolves once a statement of the store waits for a lock. */
async function waitUntilBlocked(): Promise<void> {
  await eventually(async () => {
    const blocked = await database.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    expect(blocked).toHaveLength(1);
  });
}

/** Keeps everybody else from a user, or from the whole table, while `work` runs. */
async function whileLocked(statement: string, work: () => Promise<void>): Promise<void> {
  await database.query("begin");
  await database.query(statement);
  try {
    await work();
  } finally {
    await database.query("rollback");
  }
}

const lockOf = (user: User) => `select 1 from users where id = '${user.id}' for update`;

describe("when the server ends connections", () => {
  test("idle ones are replaced: reads and units of work succeed", async () => {
    await using store = await open();
    const user = await store.write((unit) => unit.users.insert(someone()));
    await Promise.all(Array.from({ length: 5 }, () => store.users.find(user.id)));

    await terminate();

    await expect(store.users.find(user.id)).resolves.toEqual(user);
    await expect(eventually(() => store.write((unit) => unit.users.insert(someone())))).resolves.toBeDefined();
  });

  test("a read in flight is sent again", async () => {
    await using store = await open();
    const user = await store.write((unit) => unit.users.insert(someone()));
    let reading: Promise<User | undefined> | undefined;

    await whileLocked("lock table users in access exclusive mode", async () => {
      reading = store.users.find(user.id);
      await waitUntilBlocked();
      await terminate();
    });

    await expect(reading).resolves.toEqual(user);
  });

  test("a unit of work in flight is unavailable and not sent again, and the next one works", async () => {
    await using store = await open();
    const user = await store.write((unit) => unit.users.insert(someone()));
    let attempts = 0;

    await whileLocked(lockOf(user), async () => {
      const writing = store.write((unit) => {
        attempts += 1;
        return unit.users.update(user.id, { name: "Eve" });
      });
      await Promise.all([
        expect(writing).rejects.toMatchObject({ kind: "unavailable", cause: { code: "57P01" } }),
        waitUntilBlocked().then(terminate),
      ]);
    });

    expect(attempts).toBe(1);
    await expect(store.users.find(user.id)).resolves.toEqual(user);
    await expect(store.write((unit) => unit.users.update(user.id, { name: "Ada King" }))).resolves.toBeDefined();
  });

  test("a unit of work between two steps is unavailable, and nothing of it is stored", async () => {
    await using store = await open();
    const draft = someone();

    const writing = store.write(async (unit) => {
      await unit.users.insert(draft);
      await terminate();
      await unit.users.insert(someone());
    });

    await expect(writing).rejects.toMatchObject({ kind: "unavailable" });
    await expect(store.users.findCredentials(draft.email)).resolves.toBeUndefined();
  });

  test("a unit of work that is about to commit is unavailable", async () => {
    await using store = await open();
    const draft = someone();

    const writing = store.write(async (unit) => {
      await unit.users.insert(draft);
      await terminate();
    });

    await expect(writing).rejects.toMatchObject({ kind: "unavailable" });
    await expect(store.users.findCredentials(draft.email)).resolves.toBeUndefined();
  });
});

describe("when PostgreSQL is slow", () => {
  test("a unit of work that finds no free connection is unavailable after the wait it may take", async () => {
    await using store = await open({ maxConnections: 3, maxWaitMs: 500 });
    const user = await store.write((unit) => unit.users.insert(someone()));

    await whileLocked("lock table users in share mode", async () => {
      const holding = [1, 2, 3].map(() => store.write((unit) => unit.users.update(user.id, { name: "Eve" })));
      const startedAtMs = performance.now();
      await expect(store.write((unit) => unit.users.insert(someone()))).rejects.toMatchObject({ kind: "unavailable" });
      expect(performance.now() - startedAtMs).toBeLessThan(1_500);
      await expect(store.ping()).resolves.toBeUndefined();
      await database.query("rollback");
      await Promise.all(holding);
    });
  });

  test("a statement that takes too long is stopped on the server, and its connection works on", async () => {
    await using store = await open({ maxConnections: 1, statementTimeoutMs: 200 });
    const user = await store.write((unit) => unit.users.insert(someone()));

    await whileLocked(lockOf(user), async () => {
      const writing = store.write((unit) => unit.users.update(user.id, { name: "Eve" }));
      await expect(writing).rejects.toMatchObject({ kind: "unavailable", cause: { code: "57014" } });
      await expect(store.users.find(user.id)).resolves.toEqual(user);
    });
  });

  test("units that lock the same rows in opposite orders both end well", async () => {
    await using store = await open();
    const [first, second] = await store.write((unit) => unit.users.insertMany([someone(), someone()]));
    let attempts = 0;
    let releaseBoth: () => void = () => undefined;
    const bothHold = new Promise<void>((resolve) => {
      releaseBoth = resolve;
    });

    const updateInOrder = (ids: readonly string[]) =>
      store.write(async (unit) => {
        attempts += 1;
        await unit.users.update(ids[0] ?? "", { name: "Ada King" });
        if (attempts === 2) {
          releaseBoth();
        }
        await bothHold;
        await unit.users.update(ids[1] ?? "", { name: "Ada King" });
      });
    const ids = [first?.id ?? "", second?.id ?? ""];
    await Promise.all([updateInOrder(ids), updateInOrder(ids.toReversed())]);

    expect(attempts).toBe(3);
    await expect(store.users.findMany(ids)).resolves.toEqual([
      expect.objectContaining({ version: 3 }),
      expect.objectContaining({ version: 3 }),
    ]);
  });
});

describe("opening PostgreSQL", () => {
  test("that nobody serves is unavailable, in one sentence", async () => {
    const opening = open({ databaseUrl: "postgres://postgres@127.0.0.1:1/postgres" });

    await expect(opening).rejects.toMatchObject({
      kind: "unavailable",
      message: "the database is not available: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  test("a database that does not exist is unavailable, by its name", async () => {
    const databaseUrl = Object.assign(new URL(database.url), { pathname: "/rollcall_missing" }).href;

    await expect(open({ databaseUrl })).rejects.toMatchObject({
      kind: "unavailable",
      message: expect.stringContaining('"rollcall_missing"'),
    });
  });

  test.each(["mysql://root:secret@127.0.0.1/rollcall", "secret"])("a URL like %s is refused, unquoted", async (url) => {
    const opening = open({ databaseUrl: url });

    await expect(opening).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.not.stringContaining("secret"),
    });
  });

  test("a transaction whose failed statement nobody noticed is not taken for committed", async () => {
    const opened = await openPostgresDatabase({ databaseUrl: database.url });

    const work = opened.writes.transaction().execute(async (transaction) => {
      await sql`select 1 / 0`.execute(transaction).catch(() => undefined);
    });

    await expect(work).rejects.toMatchObject({ kind: "internal" });
    await opened.close();
  });

  test("a store that is closed says so", async () => {
    const opened = await openPostgresDatabase({ databaseUrl: database.url });
    const store = createStore(opened);
    await store.close();

    await expect(store.users.find("nobody")).rejects.toMatchObject({ kind: "unavailable" });
    await expect(store.ping()).rejects.toMatchObject({ kind: "unavailable" });
  });
});
