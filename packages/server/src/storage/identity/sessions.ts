import type { Kysely, Selectable } from "kysely";
import type { RunQuery } from "../run-query.js";
import type { Tables } from "../tables.js";
import type { RevocationWriter } from "./revocations.js";
import type { Rotation, Session, SessionWriter, StoredToken } from "./session.js";

/** What a {@link SessionWriter} takes from its surroundings. */
export interface SessionWriterOptions {
  /** Current time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Makes the id of a new session. */
  readonly createId: () => string;
  readonly revoke: RevocationWriter["append"];
}

/** Keeps sessions by way of `run`, whose queries are steps of one transaction. */
export function createSessionWriter(run: RunQuery, { now, createId, revoke }: SessionWriterOptions): SessionWriter {
  async function endOne(id: string): Promise<void> {
    const nowMs = now();
    const { numUpdatedRows } = await run((db) =>
      db
        .updateTable("sessions")
        .set({ ended_at: nowMs })
        .where("id", "=", id)
        .where("ended_at", "is", null)
        .executeTakeFirst(),
    );
    if (numUpdatedRows > 0n) {
      await revoke({ kind: "session", id });
    }
  }

  return {
    async begin({ userId, expiresAt }, token) {
      const row = {
        id: createId(),
        user_id: userId,
        created_at: now(),
        expires_at: expiresAt.getTime(),
        ended_at: null,
      };
      await run((db) => db.insertInto("sessions").values(row).execute());
      await run((db) => insertToken(db, row.id, token));
      return fromRow(row);
    },

    rotate: (digest, next) => run((db) => rotate(db, digest, next, now())),

    end: endOne,

    async endAllOf(userId) {
      const rows = await run((db) =>
        db
          .selectFrom("sessions")
          .select("id")
          .where("user_id", "=", userId)
          .where("ended_at", "is", null)
          .orderBy("id")
          .execute(),
      );
      for (const { id } of rows) {
        await endOne(id);
      }
    },
  };
}

async function rotate(db: Kysely<Tables>, digest: string, next: StoredToken, nowMs: number): Promise<Rotation> {
  const used = await db
    .updateTable("refresh_tokens")
    .set({ used_at: nowMs })
    .where("digest", "=", digest)
    .where("used_at", "is", null)
    .returning(["session_id", "expires_at"])
    .executeTakeFirst();
  if (used === undefined) {
    return explainMiss(db, digest, nowMs);
  }
  const session = await liveSession(db, used.session_id, nowMs);
  if (session === undefined || used.expires_at <= nowMs) {
    return { kind: "unknown" };
  }
  await insertToken(db, session.id, next);
  return { kind: "rotated", session };
}

async function explainMiss(db: Kysely<Tables>, digest: string, nowMs: number): Promise<Rotation> {
  const token = await db
    .selectFrom("refresh_tokens")
    .select("session_id")
    .where("digest", "=", digest)
    .executeTakeFirst();
  const session = token && (await liveSession(db, token.session_id, nowMs));
  return session === undefined ? { kind: "unknown" } : { kind: "reused", session };
}

async function liveSession(db: Kysely<Tables>, id: string, nowMs: number): Promise<Session | undefined> {
  const row = await db
    .selectFrom("sessions")
    .selectAll()
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .where("expires_at", ">", nowMs)
    .executeTakeFirst();
  return row && fromRow(row);
}

async function insertToken(db: Kysely<Tables>, sessionId: string, { digest, expiresAt }: StoredToken): Promise<void> {
  const row = { digest, session_id: sessionId, expires_at: expiresAt.getTime(), used_at: null };
  await db.insertInto("refresh_tokens").values(row).execute();
}

function fromRow(row: Selectable<Tables["sessions"]>): Session {
  return {
    id: row.id,
    userId: row.user_id,
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
  };
}
