import type { DatabaseConnection, Dialect, Driver } from "kysely";
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Pool } from "pg";
import { StoreError } from "../store-error.js";
import { PostgresConnection } from "./postgres-connection.js";
import { translatePostgresError } from "./postgres-error.js";
import { StatementNames } from "./statement-names.js";

/** How many texts have a name. The store has some dozens; what is beyond came from lists of varying length. */
const maxStatementNames = 200;

/** Kysely on a pool that stays open when Kysely is destroyed. */
export function createPostgresDialect(pool: Pool): Dialect {
  return {
    createDriver: () => createDriver(pool),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

function createDriver(pool: Pool): Driver {
  const names = new StatementNames(maxStatementNames);
  return {
    init: () => Promise.resolve(),

    async acquireConnection() {
      try {
        return new PostgresConnection(await pool.connect(), names);
      } catch (error) {
        throw translatePostgresError(error);
      }
    },

    async beginTransaction(connection) {
      await own(connection).query("begin");
    },

    async commitTransaction(connection) {
      const { command } = await own(connection).query("commit");
      // The server answers so, without an error, when a statement of the transaction has failed.
      if (command === "ROLLBACK") {
        throw new StoreError("internal", "the transaction was undone, since one of its statements failed");
      }
    },

    async rollbackTransaction(connection) {
      if (!own(connection).isBroken) {
        await own(connection).query("rollback");
      }
    },

    releaseConnection(connection) {
      own(connection).release();
      return Promise.resolve();
    },

    destroy: () => Promise.resolve(),
  };
}

/** Kysely hands back what `acquireConnection` gave it, as the interface that all databases share. */
function own(connection: DatabaseConnection): PostgresConnection {
  if (!(connection instanceof PostgresConnection)) {
    throw new StoreError("internal", "the connection is not one of PostgreSQL");
  }
  return connection;
}
