import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { startChild } from "../child.fixture.js";
import type { Database } from "../database.js";
import { openStore } from "../open-store.js";
import { openPostgresDatabase } from "../postgres/open-postgres-database.js";
import { openSqliteDatabase } from "../sqlite/open-sqlite-database.js";
import type { TestHome } from "../test-store.fixture.js";
import { createTestHome, databaseNames } from "../test-store.fixture.js";
import type { Migrations } from "./migrations.js";
import { firstMigration, secondMigration } from "./test-migrations.fixture.js";

const both: Migrations = { "0001-first": firstMigration, "0002-second": secondMigration(() => Promise.resolve()) };

describe.each(databaseNames)("migrating %s", (name) => {
  test("runs what is missing, once", async () => {
    await using home = await createTestHome(name);
    await (await openDatabase(home, { "0001-first": firstMigration })).close();

    for (let start = 0; start < 2; start += 1) {
      const database = await openDatabase(home, both);
      await expect(readIds(database)).resolves.toEqual(["first", "second"]);
      await database.close();
    }
  });

  test("that was killed midway leaves nothing behind, and converges when it is run again", async () => {
    await using home = await createTestHome(name);
    await using child = startChild("migrations/migrate-slowly.fixture.ts", home.options);
    await child.waitForLines(1);
    await child.kill();

    const database = await openDatabase(home, both);

    await expect(readIds(database)).resolves.toEqual(["first", "second"]);
    await database.close();
  });

  test("that fails says so and leaves nothing behind", async () => {
    await using home = await createTestHome(name);
    const failing = { ...both, "0002-second": secondMigration(() => Promise.reject(new Error("no"))) };

    await expect(openDatabase(home, failing)).rejects.toMatchObject({
      kind: "internal",
      message: 'migration "0002-second" failed',
    });

    const database = await openDatabase(home, both);
    await expect(readIds(database)).resolves.toEqual(["first", "second"]);
    await database.close();
  });

  test("a database of a newer version is refused with a sentence, and left as it is", async () => {
    await using home = await createTestHome(name);
    await (await openDatabase(home, both)).close();

    await expect(openDatabase(home, { "0001-first": firstMigration })).rejects.toMatchObject({
      kind: "newerSchema",
      message: expect.stringContaining('"0002-second" is unknown'),
    });

    const database = await openDatabase(home, both);
    await expect(readIds(database)).resolves.toEqual(["first", "second"]);
    await database.close();
  });
});

describe("migrating PostgreSQL", () => {
  test("from several instances at once is done by one, while the others wait and then serve", async () => {
    await using home = await createTestHome("PostgreSQL");
    let runs = 0;
    const slow: Migrations = {
      "0001-first": firstMigration,
      "0002-second": secondMigration(async () => {
        runs += 1;
        await nextTurn();
      }),
    };

    const databases = await Promise.all(Array.from({ length: 4 }, () => openDatabase(home, slow)));

    expect(runs).toBe(1);
    for (const database of databases) {
      await expect(readIds(database)).resolves.toEqual(["first", "second"]);
      await database.close();
    }
  });

  test("stores opened at once on an empty database all serve", async () => {
    await using home = await createTestHome("PostgreSQL");

    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(home.options)));

    for (const [number, store] of stores.entries()) {
      await store.write((unit) => unit.users.insert({ name: "Ada", email: `${number}@example.com`, status: 1 }));
      await store.close();
    }
  });
});

function openDatabase({ options }: TestHome, migrations: Migrations): Promise<Database> {
  return options.databaseUrl === undefined
    ? openSqliteDatabase({ dataDir: options.dataDir, migrations })
    : openPostgresDatabase({ databaseUrl: options.databaseUrl, migrations });
}

async function readIds({ reads }: Database): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from users order by id`.execute(reads);
  return rows.map((row) => row.id);
}
