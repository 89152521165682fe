import type { Kysely } from "kysely";
import type { Database } from "./database.js";
import { StoreError } from "./store-error.js";
import type { Tables } from "./tables.js";

/** Runs queries where they belong: on their own, or as a step of a unit of work. */
export type RunQuery = <T>(query: (db: Kysely<Tables>) => Promise<T>) => Promise<T>;

/** Runs each query on its own. It must only read: when its connection turns out to be broken, it is sent once more. */
export function createReadRunner(database: Database): RunQuery {
  return async function runRead(query) {
    try {
      return await query(database.reads);
    } catch (error) {
      if (error instanceof StoreError && database.isWorthRereading(error)) {
        return await query(database.reads);
      }
      throw error;
    }
  };
}
