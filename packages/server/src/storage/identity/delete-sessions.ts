import type { Expression, ExpressionBuilder, Kysely, SqlBool } from "kysely";
import type { Tables } from "../tables.js";

/** Deletes sessions with all their tokens. */
export async function deleteSessions(
  db: Kysely<Tables>,
  which: (sessions: ExpressionBuilder<Tables, "sessions">) => Expression<SqlBool>,
): Promise<number> {
  await db
    .deleteFrom("refresh_tokens")
    .where("session_id", "in", (tokens) => tokens.selectFrom("sessions").select("id").where(which))
    .execute();
  const { numDeletedRows } = await db.deleteFrom("sessions").where(which).executeTakeFirst();
  return Number(numDeletedRows);
}
