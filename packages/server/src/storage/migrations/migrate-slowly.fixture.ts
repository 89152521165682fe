import { setInterval } from "node:timers";
import { sql } from "kysely";
import { readStoreOptions } from "../child.fixture.js";
import { openPostgresDatabase } from "../postgres/open-postgres-database.js";
import { openSqliteDatabase } from "../sqlite/open-sqlite-database.js";
import { firstMigration, secondMigration } from "./test-migrations.fixture.js";

/** Migrates a database, prints `half` when the second migration is half done, and does not go on. */
const { databaseUrl, dataDir } = readStoreOptions();
const migrations = {
  "0001-first": firstMigration,
  "0002-second": secondMigration(async (db) => {
    await sql`select 1`.execute(db);
    console.log("half");
    await new Promise(() => setInterval(() => undefined, 60_000));
  }),
};

await (databaseUrl === undefined
  ? openSqliteDatabase({ dataDir, migrations })
  : openPostgresDatabase({ databaseUrl, migrations }));
