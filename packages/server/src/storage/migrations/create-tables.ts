import type { Kysely, Migration, RawBuilder } from "kysely";

/** What the two databases call the types of columns. */
export interface ColumnTypes {
  /** Text that is compared byte by byte, whatever the database's language: ids have one order everywhere. */
  readonly key: RawBuilder<unknown>;
  readonly bytes: RawBuilder<unknown>;
  /** What lets rows be added to a table, and neither changed nor removed. */
  readonly appendOnly: (table: string) => readonly RawBuilder<unknown>[];
}

/** The tables of the first release. */
export function createTables({ key, bytes }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await createUsers(db, key);
      await createAnswers(db, key, bytes);
      await createMessages(db, key);
    },
  };
}

async function createUsers(db: Kysely<unknown>, key: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("users")
    .addColumn("id", key, (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("email", "text", (column) => column.notNull())
    .addColumn("email_key", key, (column) => column.notNull())
    .addColumn("password_hash", "text")
    .addColumn("status", "integer", (column) => column.notNull())
    .addColumn("roles", "text", (column) => column.notNull())
    .addColumn("metadata", "text", (column) => column.notNull())
    .addColumn("phone", "text")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("updated_at", "bigint", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("users_pkey", ["id"])
    .addUniqueConstraint("users_email_key", ["email_key"])
    .execute();
  await db.schema.createIndex("users_status_id").on("users").columns(["status", "id"]).execute();
}

async function createAnswers(db: Kysely<unknown>, key: RawBuilder<unknown>, bytes: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("answers")
    .addColumn("method", key, (column) => column.notNull())
    .addColumn("request_id", key, (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("answer", bytes, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("answers_pkey", ["method", "request_id"])
    .execute();
  await db.schema.createIndex("answers_created_at").on("answers").column("created_at").execute();
}

async function createMessages(db: Kysely<unknown>, key: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("rooms")
    .addColumn("room", key, (column) => column.notNull())
    .addColumn("epoch", "text", (column) => column.notNull())
    .addColumn("head", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("rooms_pkey", ["room"])
    .execute();
  await db.schema
    .createTable("messages")
    .addColumn("room", key, (column) => column.notNull())
    .addColumn("sequence", "bigint", (column) => column.notNull())
    .addColumn("message_id", key)
    .addColumn("user_id", "text", (column) => column.notNull())
    .addColumn("content", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("messages_pkey", ["room", "sequence"])
    .addUniqueConstraint("messages_message_id", ["room", "message_id"])
    .addForeignKeyConstraint("messages_room", ["room"], "rooms", ["room"])
    .execute();
}
