import type { Selectable } from "kysely";
import type { RunQuery } from "../run-query.js";
import type { RevocationsTable } from "../tables.js";
import { nextNumber } from "./next-number.js";
import type { Revocation, RevocationReader } from "./revocation.js";

/** A revocation before it has its sequence. */
type NewRevocation = Revocation extends infer R ? (R extends Revocation ? Omit<R, "sequence"> : never) : never;

/** Notes what no longer counts, inside a unit of work. */
export interface RevocationWriter {
  readonly append: (revocation: NewRevocation) => Promise<void>;
}

/** Reads revocations by way of `run`. */
export function createRevocationReader(run: RunQuery): RevocationReader {
  return {
    async since(sequence, limit) {
      const rows = await run((db) =>
        db
          .selectFrom("revocations")
          .selectAll()
          .where("sequence", ">", sequence)
          .orderBy("sequence")
          .limit(limit)
          .execute(),
      );
      return rows.map(fromRow);
    },
  };
}

/** Notes revocations by way of `run`, whose queries are steps of one transaction. */
export function createRevocationWriter(run: RunQuery, now: () => number): RevocationWriter {
  return {
    async append(revocation) {
      await run(async (db) => {
        const sequence = await nextNumber(db, "revocations");
        await db
          .insertInto("revocations")
          .values(toRow(revocation, sequence, now()))
          .execute();
      });
    },
  };
}

function toRow(revocation: NewRevocation, sequence: number, nowMs: number): Selectable<RevocationsTable> {
  const { kind, id } = revocation;
  const below = kind === "user" && Number.isFinite(revocation.belowVersion) ? revocation.belowVersion : null;
  return { sequence, kind, id, below_version: below, created_at: nowMs };
}

function fromRow({ sequence, kind, id, below_version }: Selectable<RevocationsTable>): Revocation {
  return kind === "user"
    ? { sequence, kind, id, belowVersion: below_version ?? Infinity }
    : { sequence, kind: kind === "session" ? kind : "apiKey", id };
}
