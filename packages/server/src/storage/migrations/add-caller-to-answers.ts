import { type Kysely, type Migration, sql } from "kysely";
import type { ColumnTypes } from "./create-tables.js";

/**
 * Keeps answers apart by caller, and names their methods by path. Answers from before belong to the one caller that there
 * was, whose subject is empty.
 *
 * The table is made anew because SQLite cannot change a primary key.
 */
export function addCallerToAnswers({ key, bytes }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("answers_by_caller")
        .addColumn("caller", key, (column) => column.notNull())
        .addColumn("method", key, (column) => column.notNull())
        .addColumn("request_id", key, (column) => column.notNull())
        .addColumn("fingerprint", "text", (column) => column.notNull())
        .addColumn("answer", bytes, (column) => column.notNull())
        .addColumn("created_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("answers_by_caller_pkey", ["caller", "method", "request_id"])
        .execute();
      await sql`
        insert into answers_by_caller (caller, method, request_id, fingerprint, answer, created_at)
        select '', '/user.v1.UserService/' || method, request_id, fingerprint, answer, created_at from answers
      `.execute(db);
      await db.schema.dropTable("answers").execute();
      await db.schema.alterTable("answers_by_caller").renameTo("answers").execute();
      await db.schema.createIndex("answers_created_at").on("answers").column("created_at").execute();
    },
  };
}
