import type { ExpressionBuilder } from "kysely";
import type { RunQuery } from "./run-query.js";
import { StoreError } from "./store-error.js";
import type { Tables } from "./tables.js";

/** Names one request among all: what a caller sends again carries the same id to the same method. */
interface RequestKey {
  /** Who calls. The ids of two callers never meet. */
  readonly caller: string;
  /** The path of the method. */
  readonly method: string;
  readonly requestId: string;
}

/** The first answer to a request. */
interface StoredAnswer {
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
    async find(key) {
      const row = await run((db) =>
        db.selectFrom("answers").select(["fingerprint", "answer", "created_at"]).where(isKey(key)).executeTakeFirst(),
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

    async claim({ caller, method, requestId }, fingerprint) {
      const created_at = now();
      await run(async (db) => {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto("answers")
          .values({ caller, method, request_id: requestId, fingerprint, answer: new Uint8Array(), created_at })
          .onConflict((conflict) => conflict.columns(["caller", "method", "request_id"]).doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n) {
          throw new StoreError("requestIdTaken", `request id "${requestId}" was used before`);
        }
      });
    },

    async remember(key, answer) {
      await run((db) => db.updateTable("answers").set({ answer }).where(isKey(key)).execute());
    },
  };
}

function isKey({ caller, method, requestId }: RequestKey) {
  return (where: ExpressionBuilder<Tables, "answers">) => where.and({ caller, method, request_id: requestId });
}
