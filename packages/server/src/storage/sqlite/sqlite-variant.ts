import type { Kysely, Selectable, SqlBool } from "kysely";
import { sql } from "kysely";
import type { SqlVariant } from "../database.js";
import type { Tables, UsersTable } from "../tables.js";

/** What SQLite is told in words of its own. */
export const sqliteVariant: SqlVariant = {
  // There is one writer at a time, so every row is locked.
  rowLock: sql``,

  isAnyOf: (column, values) =>
    sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,

  async insertUsers(db, rows) {
    for (const [index, row] of rows.entries()) {
      if (!(await insertUser(db, row))) {
        return index;
      }
    }
    return undefined;
  },
};

async function insertUser(db: Kysely<Tables>, row: Selectable<UsersTable>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto("users")
    .values(row)
    .onConflict((conflict) => conflict.column("email_key").doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows !== 0n;
}
