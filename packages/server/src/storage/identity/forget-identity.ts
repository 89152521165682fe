import { deleteSessions } from "./delete-sessions.js";
import type { RunQuery } from "../run-query.js";

/** Rows in one transaction: few enough that nobody waits for it. */
const batchRows = 500;

/**
 * Deletes the sessions that ended or ran out before an instant, and the revocations of before it, in one short transaction
 * after the other by way of `write`. No token that they speak of may still count at that instant.
 *
 * @returns how many rows there were
 */
export async function forgetIdentity(write: RunQuery, instant: Date): Promise<number> {
  const sessions = await inBatches(() =>
    write((db) =>
      deleteSessions(db, (session) =>
        session(
          "id",
          "in",
          session
            .selectFrom("sessions as old")
            .select("old.id")
            .where((old) =>
              old.or([old("old.expires_at", "<", instant.getTime()), old("old.ended_at", "<", instant.getTime())]),
            )
            .limit(batchRows),
        ),
      ),
    ),
  );
  const revocations = await inBatches(() =>
    write(async (db) => {
      const { numDeletedRows } = await db
        .deleteFrom("revocations")
        .where("sequence", "in", (old) =>
          old
            .selectFrom("revocations as old")
            .select("old.sequence")
            .where("old.created_at", "<", instant.getTime())
            .limit(batchRows),
        )
        .executeTakeFirst();
      return Number(numDeletedRows);
    }),
  );
  return sessions + revocations;
}

async function inBatches(forget: () => Promise<number>): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const count = await forget();
    forgotten += count;
    if (count < batchRows) {
      return forgotten;
    }
  }
}
