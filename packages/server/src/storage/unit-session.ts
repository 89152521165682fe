import type { Kysely } from "kysely";
import type { RunQuery } from "./run-query.js";
import { StoreError } from "./store-error.js";
import type { Tables } from "./tables.js";

/** The steps of one unit of work on its transaction. */
export interface UnitSession {
  /** Runs a step after the steps before it; once one has failed, the others fail with its error. */
  readonly run: RunQuery;

  /** Lets no further step begin and waits for the one that runs, so that none can reach the connection's next user. */
  end(): Promise<void>;

  /**
   * Keeps a unit from being committed in part because it caught a step's error and went on.
   *
   * @throws the error of the first step that failed
   */
  requireSuccess(): void;
}

/** Begins the steps of a unit of work on `db`, an open transaction. */
export function createUnitSession(db: Kysely<Tables>): UnitSession {
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;
  let hasEnded = false;

  const requireSuccess = () => {
    if (failure !== undefined) {
      throw failure.error;
    }
  };

  async function runStep<T>(previous: Promise<unknown>, query: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
    await previous;
    requireSuccess();
    if (hasEnded) {
      throw new StoreError("internal", "the unit of work has ended; await every step inside of it");
    }
    return await query(db);
  }

  return {
    requireSuccess,

    run(query) {
      const step = runStep(last, query);
      last = step.catch((error: unknown) => {
        failure ??= { error };
      });
      return step;
    },

    async end() {
      hasEnded = true;
      await last;
    },
  };
}
