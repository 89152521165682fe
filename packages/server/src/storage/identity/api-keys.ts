import type { Selectable } from "kysely";
import type { RunQuery } from "../run-query.js";
import type { ApiKeysTable } from "../tables.js";
import type { ApiKeyReader, ApiKeyWriter, StoredApiKey } from "./api-key.js";

/** What an {@link ApiKeyWriter} takes from its surroundings. */
export interface ApiKeyWriterOptions {
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the next UUIDv7. */
  readonly createId: () => string;
  /** Notes that a key no longer counts, in the same unit of work. */
  readonly revoke: (revocation: { readonly kind: "apiKey"; readonly id: string }) => Promise<void>;
}

/** Reads keys by way of `run`. */
export function createApiKeyReader(run: RunQuery): ApiKeyReader {
  return {
    async findByDigest(digest) {
      const row = await run((db) =>
        db.selectFrom("api_keys").selectAll().where("digest", "=", digest).executeTakeFirst(),
      );
      return row && fromRow(row);
    },

    async page({ beforeId, limit }) {
      const rows = await run((db) => {
        const keys = db.selectFrom("api_keys").selectAll().orderBy("id", "desc").limit(limit);
        return (beforeId === undefined ? keys : keys.where("id", "<", beforeId)).execute();
      });
      return rows.map(fromRow);
    },
  };
}

/** Makes and revokes keys by way of `run`, whose queries are steps of one transaction. */
export function createApiKeyWriter(run: RunQuery, { now, createId, revoke }: ApiKeyWriterOptions): ApiKeyWriter {
  const find = (id: string) =>
    run((db) => db.selectFrom("api_keys").selectAll().where("id", "=", id).executeTakeFirst());
  return {
    ...createApiKeyReader(run),

    async insert({ name, roles, expiresAt, createdBy, digest }) {
      const row = {
        id: createId(),
        name,
        roles: JSON.stringify(roles),
        digest,
        created_at: now(),
        expires_at: expiresAt?.getTime() ?? null,
        created_by: createdBy,
        revoked_at: null,
      };
      await run((db) => db.insertInto("api_keys").values(row).execute());
      return fromRow(row);
    },

    async revoke(id) {
      const nowMs = now();
      const { numUpdatedRows } = await run((db) =>
        db
          .updateTable("api_keys")
          .set({ revoked_at: nowMs })
          .where("id", "=", id)
          .where("revoked_at", "is", null)
          .executeTakeFirst(),
      );
      if (numUpdatedRows > 0n) {
        await revoke({ kind: "apiKey", id });
      }
      const row = await find(id);
      return row && fromRow(row);
    },
  };
}

function fromRow(row: Selectable<ApiKeysTable>): StoredApiKey {
  return {
    id: row.id,
    name: row.name,
    roles: JSON.parse(row.roles) as string[], // only `insert` writes this column
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
    createdBy: row.created_by,
    revokedAt: row.revoked_at === null ? undefined : new Date(row.revoked_at),
  };
}
