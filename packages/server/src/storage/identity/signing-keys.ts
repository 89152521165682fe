import type { RunQuery } from "../run-query.js";
import { nextNumber } from "./next-number.js";
import type { SigningKey, SigningKeyReader, SigningKeyWriter } from "./signing-key.js";

/** Reads keys by way of `run`. */
export function createSigningKeyReader(run: RunQuery): SigningKeyReader {
  return {
    async list() {
      const rows = await run((db) =>
        db.selectFrom("signing_keys").selectAll().orderBy("created_at", "desc").orderBy("id", "desc").execute(),
      );
      return rows.map((row): SigningKey => ({
        id: row.id,
        privateJwk: row.private_jwk,
        createdAt: new Date(row.created_at),
      }));
    },
  };
}

/** Makes and removes keys by way of `run`, whose queries are steps of one transaction. */
export function createSigningKeyWriter(run: RunQuery, now: () => number): SigningKeyWriter {
  const reader = createSigningKeyReader(run);
  return {
    ...reader,

    async listForUpdate() {
      await run((db) => nextNumber(db, "signing_keys")); // whoever else wants to make keys waits here
      return reader.list();
    },

    async insert({ id, privateJwk }) {
      const row = { id, private_jwk: privateJwk, created_at: now() };
      await run((db) => db.insertInto("signing_keys").values(row).execute());
    },

    async delete(id) {
      await run((db) => db.deleteFrom("signing_keys").where("id", "=", id).execute());
    },
  };
}
