import type { Pool, PoolConfig } from "pg";
import pg from "pg";

/** PostgreSQL's number for its type `bigint`, which the driver reads as text unless it is told otherwise. */
const bigintType = 20;

/**
 * Makes a pool of connections whose ends, however they come, never end the process.
 *
 * Waiting for a connection takes a second at the most, unless the options say otherwise. `bigint` is read as a number: what the store keeps in such
 * columns stays far below 2^53.
 */
export function createPool(databaseUrl: string, options: PoolConfig): Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(bigintType, Number);
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 1_000,
    keepAlive: true,
    application_name: "rollcall",
    types,
    ...options,
  });
  // Node.js ends a process for an 'error' event that nobody hears. The pool hears those of idle connections; one in use
  // reports to its query, or to nobody when it ends between two of them. Either way the next query fails.
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}

function ignore(): void {
  // The pool drops the connection by itself.
}
