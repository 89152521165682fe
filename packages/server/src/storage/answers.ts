import type { RunQuery } from "./run-query.js";
import { StoreError } from "./store-error.js";

/** Names one request among all: what a client sends again carries the same id to the same method. */
export interface RequestKey {
  /** The method, with whatever else separates callers whose ids must not meet. */
  readonly method: string;
  readonly requestId: string;
}

/** The first answer to a request. */
export interface StoredAnswer {
  /** Tells another request under the same id from a repeat of the first. */
  readonly fingerprint: string;
  readonly answer: Uint8Array;
  readonly createdAt: Date;
}

/** Reads the first answers to requests. */
export interface AnswerReader {
  find(key: RequestKey): Promise<StoredAnswer | undefined>;
}

/** Keeps the answers to requests, inside the unit of work that has their effect. */
export interface AnswerWriter extends AnswerReader {
  /**
   * Takes the request for this unit of work. Call it before anything else: of two equal requests at once, the later one
   * waits here until the earlier one's unit has ended, and only fails when that one was committed.
   *
   * @throws {@link StoreError} `requestIdTaken`: the first answer can be read outside this unit of work
   */
  claim(key: RequestKey, fingerprint: string): Promise<void>;

  /** Sets the answer to a request that this unit of work has claimed. Without it the answer is empty. */
  remember(key: RequestKey, answer: Uint8Array): Promise<void>;
}

/** Reads answers by way of `run`. */
export function createAnswerReader(run: RunQuery): AnswerReader {
  return {
    async find({ method, requestId }) {
      const row = await run((db) =>
        db
          .selectFrom("answers")
          .select(["fingerprint", "answer", "created_at"])
          .where("method", "=", method)
          .where("request_id", "=", requestId)
          .executeTakeFirst(),
      );
      return (
        row && {
          fingerprint: row.fingerprint,
          answer: new Uint8Array(row.answer),
          createdAt: new Date(row.created_at),
        }
      );
    },
  };
}

/** Keeps answers by way of `run`, whose queries are steps of one transaction. `now` gives milliseconds since the epoch. */
export function createAnswerWriter(run: RunQuery, now: () => number): AnswerWriter {
  return {
    ...createAnswerReader(run),

    async claim({ method, requestId }, fingerprint) {
      const created_at = now();
      await run(async (db) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto("answers")
          .values({ method, request_id: requestId, fingerprint, answer: new Uint8Array(), created_at })
          .onConflict((conflict) => conflict.columns(["method", "request_id"]).doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n) {
          throw new StoreError("requestIdTaken", `request id "${requestId}" was used before`);
        }
      });
    },

    async remember({ method, requestId }, answer) {
      await run((db) =>
        db
          .updateTable("answers")
          .set({ answer })
          .where("method", "=", method)
          .where("request_id", "=", requestId)
          .execute(),
      );
    },
  };
}
