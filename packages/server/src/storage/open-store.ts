import { createStore } from "./create-store.js";
import type { CreateStoreOptions } from "./create-store.js";
import { openPostgresDatabase } from "./postgres/open-postgres-database.js";
import { openSqliteDatabase } from "./sqlite/open-sqlite-database.js";
import type { Store } from "./store.js";

/** Which database to open. */
export interface OpenStoreOptions extends CreateStoreOptions {
  /** `postgres://…`, or `undefined` for SQLite in the data folder. */
  readonly databaseUrl: string | undefined;
  /** The folder of the file `rollcall.db`. Not used with PostgreSQL. */
  readonly dataDir: string;
  /** PostgreSQL: connections at the most. Defaults to 10. */
  readonly maxConnections?: number | undefined;
  /** PostgreSQL: how long a unit of work waits for a connection to be free, in milliseconds. Defaults to 5 seconds. */
  readonly maxWaitMs?: number | undefined;
  /** PostgreSQL: the server stops a statement that takes longer, in milliseconds. Defaults to 30 seconds. */
  readonly statementTimeoutMs?: number | undefined;
}

/**
 * Opens the store and brings it to the newest schema.
 *
 * SQLite keeps every other process out of the data folder until the store is closed or the process ends; any number of
 * processes can share PostgreSQL.
 *
 * @throws {@link StoreError} with a sentence for whoever starts the server: `folderInUse`, `newerSchema`,
 *   `misconfigured`, `unavailable`
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { databaseUrl, dataDir, maxConnections, maxWaitMs, statementTimeoutMs } = options;
  const database =
    databaseUrl === undefined
      ? await openSqliteDatabase({ dataDir })
      : await openPostgresDatabase({ databaseUrl, maxConnections, maxWaitMs, statementTimeoutMs });
  return createStore(database, options);
}
