import type { Dialect, DialectAdapter, Driver } from "kysely";
import { CompiledQuery, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { SqliteConnection } from "./sqlite-connection.js";
import type { Turnstile } from "./turnstile.js";

/** How long a unit of work waits for those before it. */
const maxWaitMs = 5_000;

/** What {@link createSqliteDialect} works on. */
export interface SqliteDialectOptions {
  readonly connection: SqliteConnection;
  /** Who may use the connection. Without it everybody may at any time, which suits statements that stand alone. */
  readonly turnstile?: Turnstile;
}

/** Kysely on one SQLite connection that is already open, and stays open when Kysely is destroyed. */
export function createSqliteDialect(options: SqliteDialectOptions): Dialect {
  return {
    createDriver: () => createDriver(options),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => adapter,
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

function createDriver({ connection, turnstile }: SqliteDialectOptions): Driver {
  return {
    init: () => Promise.resolve(),

    async acquireConnection() {
      await turnstile?.enter(maxWaitMs);
      return connection;
    },

    async beginTransaction() {
      // Taking the write lock at once means that no later statement can find it gone.
      await connection.executeQuery(CompiledQuery.raw("begin immediate"));
    },

    async commitTransaction() {
      await connection.executeQuery(CompiledQuery.raw("commit"));
    },

    async rollbackTransaction() {
      if (connection.inTransaction) {
        await connection.executeQuery(CompiledQuery.raw("rollback"));
      }
    },

    releaseConnection() {
      turnstile?.leave();
      return Promise.resolve();
    },

    destroy: () => Promise.resolve(),
  };
}

const adapter: DialectAdapter = {
  supportsCreateIfNotExists: true,
  // Kysely's own adapter says no. SQLite can, and a migration that is killed midway must leave nothing behind.
  supportsTransactionalDdl: true,
  supportsReturning: true,
  // The lock on the data folder keeps every other process out already.
  acquireMigrationLock: () => Promise.resolve(),
  releaseMigrationLock: () => Promise.resolve(),
};
