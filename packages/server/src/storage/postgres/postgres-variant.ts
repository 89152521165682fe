import type { RawBuilder, Selectable, SqlBool } from "kysely";
import { sql } from "kysely";
import type { SqlVariant } from "../database.js";
import type { UsersTable } from "../tables.js";

/** Rows in one statement: a few megabytes of parameters at the most. */
const rowsPerStatement = 2_000;

/** The columns of a user and the types of their arrays. */
const userColumnTypes = {
  id: "text",
  name: "text",
  email: "text",
  email_key: "text",
  password_hash: "text",
  status: "integer",
  roles: "text",
  metadata: "text",
  phone: "text",
  created_at: "bigint",
  updated_at: "bigint",
  version: "bigint",
  auth_version: "bigint",
} as const satisfies Record<keyof UsersTable, "text" | "integer" | "bigint">;

// The cast restores what `Object.entries` forgets: the keys are columns.
const userColumns = Object.entries(userColumnTypes) as [keyof UsersTable, string][];

/** What PostgreSQL is told in words of its own. */
export const postgresVariant: SqlVariant = {
  rowLock: sql`for update`,

  isAnyOf: (column, values) => sql<SqlBool>`${sql.ref(column)} = any(${values}::text[])`,

  async insertUsers(db, rows) {
    for (let start = 0; start < rows.length; start += rowsPerStatement) {
      const chunk = rows.slice(start, start + rowsPerStatement);
      const inserted = await insertChunk(chunk).execute(db);
      if (inserted.rows.length < chunk.length) {
        const ids = new Set(inserted.rows.map((row) => row.id));
        return start + chunk.findIndex((row) => !ids.has(row.id));
      }
    }
    return undefined;
  },
};

/** One array for each column, so that the statement is the same for any number of rows. */
function insertChunk(rows: readonly Selectable<UsersTable>[]): RawBuilder<{ readonly id: string }> {
  const columns = sql.join(userColumns.map(([column]) => sql.ref(column)));
  const arrays = userColumns.map(([column, type]) => sql`${rows.map((row) => row[column])}::${sql.raw(type)}[]`);
  return sql`insert into users (${columns}) select * from unnest(${sql.join(arrays)}) on conflict (email_key) do nothing returning id`;
}
