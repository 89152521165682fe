import { setTimeout as delay } from "node:timers/promises";
import { Kysely, sql } from "kysely";
import type { Pool } from "pg";
import type { Database } from "../database.js";
import { migrate } from "../migrations/migrate.js";
import type { Migrations } from "../migrations/migrations.js";
import { createMigrations } from "../migrations/migrations.js";
import { StoreError } from "../store-error.js";
import type { Tables } from "../tables.js";
import { createPool } from "./create-pool.js";
import { createPostgresDialect } from "./postgres-dialect.js";
import { isLostConnection, translatePostgresError } from "./postgres-error.js";
import { postgresVariant } from "./postgres-variant.js";

/** What {@link openPostgresDatabase} connects to. */
export interface PostgresDatabaseOptions {
  /** `postgres://user:password@host:port/database`, with libpq's parameters (`?sslmode=verify-full`) behind it. */
  readonly databaseUrl: string;
  /** Connections at the most, one for health checks aside. Defaults to 10. */
  readonly maxConnections?: number | undefined;
  /** How long a unit of work waits for a connection to be free, in milliseconds. Defaults to 5 seconds. */
  readonly maxWaitMs?: number | undefined;
  /** The server stops a statement that takes longer, in milliseconds. Defaults to 30 seconds. */
  readonly statementTimeoutMs?: number | undefined;
  /** Defaults to every migration there is. */
  readonly migrations?: Migrations;
}

/** How much longer than the server the client waits for a statement: it only matters when the server has gone silent. */
const silenceMs = 2_000;

/** How long closing waits for what is running. */
const maxCloseWaitMs = 10_000;

/**
 * Connects to PostgreSQL and migrates it.
 *
 * Statements with parameters are prepared, so a proxy between the two has to support that (PgBouncer does from 1.21).
 *
 * @throws {@link StoreError} `unavailable`, `newerSchema`, `misconfigured`
 */
export async function openPostgresDatabase(options: PostgresDatabaseOptions): Promise<Database> {
  const { databaseUrl, maxConnections = 10, maxWaitMs = 5_000, statementTimeoutMs = 30_000 } = options;
  requirePostgresUrl(databaseUrl);
  await migrateOnce(databaseUrl, options.migrations ?? createMigrations(columnTypes));
  const pool = createPool(databaseUrl, {
    max: maxConnections,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + silenceMs,
    // A burst of calls takes turns; a database that is gone refuses at once and need not be waited for.
    connectionTimeoutMillis: maxWaitMs,
    // A unit of work that hangs must not keep its rows locked.
    idle_in_transaction_session_timeout: statementTimeoutMs,
  });
  return createPostgresDatabase(pool, createPool(databaseUrl, { max: 1, query_timeout: 1_000 }));
}

const columnTypes = {
  key: sql`text collate "C"`,
  bytes: sql`bytea`,
  appendOnly: (table: string) => [
    sql`create function ${sql.ref(`${table}_only_grows`)}() returns trigger language plpgsql as ${sql.lit(`begin raise exception '${table} only grows'; end`)}`,
    sql`create trigger ${sql.ref(`${table}_only_grows`)} before update or delete or truncate on ${sql.table(table)} execute function ${sql.ref(`${table}_only_grows`)}()`,
  ],
};

/** On a connection of its own: building an index of a large table takes longer than a statement otherwise may. */
async function migrateOnce(databaseUrl: string, migrations: Migrations): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1 });
  try {
    await migrate(new Kysely({ dialect: createPostgresDialect(pool) }), migrations);
  } finally {
    await endPool(pool);
  }
}

/** `health` is a pool of its own, so that a server which is merely busy is not taken for one that is down. */
function createPostgresDatabase(pool: Pool, health: Pool): Database {
  const db = new Kysely<Tables>({ dialect: createPostgresDialect(pool) });
  return {
    reads: db,
    writes: db,
    variant: postgresVariant,
    isWorthRereading: (error) => isLostConnection(error.cause),

    async ping() {
      try {
        await health.query("select 1");
      } catch (error) {
        throw translatePostgresError(error);
      }
    },

    async close() {
      await Promise.all([endPool(pool), endPool(health)]);
    },
  };
}

/** Ends a pool once its connections are free. A server that has gone silent is left to notice by itself. */
async function endPool(pool: Pool): Promise<void> {
  const waited = new AbortController();
  const giveUp = delay(maxCloseWaitMs, undefined, { signal: waited.signal }).catch(() => undefined);
  await Promise.race([pool.end(), giveUp]);
  waited.abort();
}

/** The text is not quoted: it may hold a password. */
function requirePostgresUrl(databaseUrl: string): void {
  if (!URL.canParse(databaseUrl) || !["postgres:", "postgresql:"].includes(new URL(databaseUrl).protocol)) {
    throw new StoreError(
      "misconfigured",
      `the database URL must look like "postgres://user:password@host:port/database"`,
    );
  }
}
