import { CompiledQuery, Kysely, sql } from "kysely";
import Libsql from "libsql";
import type { Database } from "../database.js";
import { migrate } from "../migrations/migrate.js";
import type { Migrations } from "../migrations/migrations.js";
import { createMigrations } from "../migrations/migrations.js";
import type { Tables } from "../tables.js";
import type { DataFolder } from "./data-folder.js";
import { openDataFolder } from "./data-folder.js";
import { SqliteConnection } from "./sqlite-connection.js";
import { createSqliteDialect } from "./sqlite-dialect.js";
import { translateSqliteError } from "./sqlite-error.js";
import { sqliteVariant } from "./sqlite-variant.js";
import { Turnstile } from "./turnstile.js";

/** How long to block for a backup or a shell that holds the file's lock: the whole process stands still meanwhile. */
const busyTimeoutMs = 100;

/** How long closing waits for the unit of work that runs. */
const maxCloseWaitMs = 10_000;

/** What {@link openSqliteDatabase} opens. */
export interface SqliteDatabaseOptions {
  /** The folder of `rollcall.db`, made when it is missing. */
  readonly dataDir: string;
  /** Defaults to every migration there is. */
  readonly migrations?: Migrations;
}

/**
 * Opens and migrates the database `rollcall.db` in a folder that no other process can open meanwhile.
 *
 * A commit is on the disk before it is acknowledged. Reads have a connection of their own and never wait for a unit of
 * work.
 *
 * @throws {@link StoreError} `folderInUse`, `misconfigured`, `newerSchema`
 */
export async function openSqliteDatabase({ dataDir, migrations }: SqliteDatabaseOptions): Promise<Database> {
  const folder = openDataFolder(dataDir);
  try {
    const connections = openConnections(folder.createFile("rollcall.db"));
    const database = createSqliteDatabase(connections, folder);
    await migrate(database.writes, migrations ?? createMigrations(columnTypes));
    return database;
  } catch (error) {
    folder.release();
    throw error;
  }
}

const columnTypes = {
  key: sql`text`,
  bytes: sql`blob`,
  appendOnly: (table: string) =>
    ["update", "delete"].map((change) => {
      const trigger = sql.ref(`${table}_no_${change}`);
      const refusal = sql.lit(`${table} only grows`);
      return sql`create trigger ${trigger} before ${sql.raw(change)} on ${sql.table(table)} begin select raise(abort, ${refusal}); end`;
    }),
};

interface Connections {
  readonly reader: SqliteConnection;
  readonly writer: SqliteConnection;
}

function openConnections(path: string): Connections {
  try {
    const writer = new Libsql(path);
    // FULL makes a commit wait for the disk: with less, a power cut takes acknowledged writes with it.
    writer.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
    const reader = new Libsql(path);
    reader.exec("pragma query_only = on");
    for (const connection of [writer, reader]) {
      connection.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    }
    return { reader: new SqliteConnection(reader), writer: new SqliteConnection(writer) };
  } catch (error) {
    throw translateSqliteError(error);
  }
}

function createSqliteDatabase({ reader, writer }: Connections, folder: DataFolder): Database {
  const turnstile = new Turnstile();
  const reads = new Kysely<Tables>({ dialect: createSqliteDialect({ connection: reader }) });
  const writes = new Kysely<Tables>({ dialect: createSqliteDialect({ connection: writer, turnstile }) });
  return {
    reads,
    writes,
    variant: sqliteVariant,
    // A file has no connection that could break.
    isWorthRereading: () => false,

    async ping() {
      await sql`select 1 from users limit 1`.execute(reads);
    },

    async close() {
      try {
        await turnstile.enter(maxCloseWaitMs);
        // The file is then complete by itself, for whoever copies it while no server runs.
        await writer.executeQuery(CompiledQuery.raw("pragma wal_checkpoint(truncate)"));
      } catch {
        // What was acknowledged is in the log beside the file as well, where the next start finds it.
      } finally {
        reader.close();
        writer.close();
        folder.release();
      }
    },
  };
}
