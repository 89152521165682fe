import type { Kysely, Migration, RawBuilder } from "kysely";
import type { ColumnTypes } from "./create-tables.js";

/** What sign-in, API keys and the audit log are kept in. */
export function createIdentity({ key, appendOnly }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable("users")
        .addColumn("auth_version", "bigint", (column) => column.notNull().defaultTo(1))
        .execute();
      await createSessions(db, key);
      await createKeys(db, key);
      await createRevocations(db, key);
      await createAuditEvents(db, key);
      for (const statement of appendOnly("audit_events")) {
        await statement.execute(db);
      }
    },
  };
}

async function createSessions(db: Kysely<unknown>, key: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("sessions")
    .addColumn("id", key, (column) => column.notNull())
    .addColumn("user_id", key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("ended_at", "bigint")
    .addPrimaryKeyConstraint("sessions_pkey", ["id"])
    .execute();
  await db.schema.createIndex("sessions_user_id").on("sessions").column("user_id").execute();
  await db.schema.createIndex("sessions_expires_at").on("sessions").column("expires_at").execute();
  await db.schema
    .createTable("refresh_tokens")
    .addColumn("digest", key, (column) => column.notNull())
    .addColumn("session_id", key, (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("used_at", "bigint")
    .addPrimaryKeyConstraint("refresh_tokens_pkey", ["digest"])
    .execute();
  await db.schema.createIndex("refresh_tokens_session_id").on("refresh_tokens").column("session_id").execute();
}

async function createKeys(db: Kysely<unknown>, key: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("signing_keys")
    .addColumn("id", key, (column) => column.notNull())
    .addColumn("private_jwk", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("signing_keys_pkey", ["id"])
    .execute();
  await db.schema
    .createTable("api_keys")
    .addColumn("id", key, (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("roles", "text", (column) => column.notNull())
    .addColumn("digest", key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("created_by", "text", (column) => column.notNull())
    .addColumn("revoked_at", "bigint")
    .addPrimaryKeyConstraint("api_keys_pkey", ["id"])
    .addUniqueConstraint("api_keys_digest", ["digest"])
    .execute();
}

async function createRevocations(db: Kysely<unknown>, key: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("revocations")
    .addColumn("sequence", "bigint", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("id", key, (column) => column.notNull())
    .addColumn("below_version", "bigint")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("revocations_pkey", ["sequence"])
    .execute();
  await db.schema
    .createTable("counters")
    .addColumn("name", key, (column) => column.notNull())
    .addColumn("value", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("counters_pkey", ["name"])
    .execute();
}

async function createAuditEvents(db: Kysely<unknown>, key: RawBuilder<unknown>): Promise<void> {
  await db.schema
    .createTable("audit_events")
    .addColumn("id", key, (column) => column.notNull())
    .addColumn("time", "bigint", (column) => column.notNull())
    .addColumn("actor", key, (column) => column.notNull())
    .addColumn("credential", "text", (column) => column.notNull())
    .addColumn("method", key, (column) => column.notNull())
    .addColumn("subject", key, (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("request_id", "text", (column) => column.notNull())
    .addColumn("peer", "text", (column) => column.notNull())
    .addColumn("detail", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("audit_events_pkey", ["id"])
    .execute();
  for (const column of ["actor", "subject", "method"]) {
    await db.schema.createIndex(`audit_events_${column}`).on("audit_events").columns([column, "id"]).execute();
  }
}
