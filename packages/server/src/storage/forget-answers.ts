import type { RunQuery } from "./run-query.js";

/** Rows in one transaction: few enough that nobody waits for it. */
const batchRows = 500;

/**
 * Deletes the answers given before an instant, in one short transaction after the other by way of `write`.
 *
 * @returns how many there were
 */
export async function forgetAnswers(write: RunQuery, instant: Date): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const count = await write(async (db) => {
      const { numDeletedRows } = await db
        .deleteFrom("answers")
        .where((where) =>
          where(
            where.refTuple("caller", "method", "request_id"),
            "in",
            where
              .selectFrom("answers")
              .select(["caller", "method", "request_id"])
              .where("created_at", "<", instant.getTime())
              .limit(batchRows)
              .$asTuple("caller", "method", "request_id"),
          ),
        )
        .executeTakeFirst();
      return Number(numDeletedRows);
    });
    forgotten += count;
    if (count < batchRows) {
      return forgotten;
    }
  }
}
