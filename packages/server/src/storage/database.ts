import type { Expression, Kysely, RawBuilder, Selectable, SqlBool } from "kysely";
import type { StoreError } from "./store-error.js";
import type { Tables, UsersTable } from "./tables.js";

/** What must be said differently to the two databases. */
export interface SqlVariant {
  /** Ends a `select` whose row is about to be changed, so that nobody else changes it before the transaction ends. */
  readonly rowLock: RawBuilder<unknown>;

  /** Whether the column equals one of the values, as a statement that is the same for any number of them. */
  isAnyOf(column: string, values: readonly string[]): Expression<SqlBool>;

  /**
   * Inserts rows quickly, leaving out those whose e-mail is taken.
   *
   * @returns the position of the first row that was left out, or `undefined` when all are in
   */
  insertUsers(db: Kysely<Tables>, rows: readonly Selectable<UsersTable>[]): Promise<number | undefined>;
}

/** An open database. Whatever its queries throw is a {@link StoreError}. */
export interface Database {
  /** For statements that stand alone. */
  readonly reads: Kysely<Tables>;
  /** For transactions. */
  readonly writes: Kysely<Tables>;
  readonly variant: SqlVariant;

  /** Whether a statement that only reads failed for a reason that is gone when it is sent once more. */
  isWorthRereading(error: StoreError): boolean;

  /** See `Store.ping`. */
  ping(): Promise<void>;

  /** See `Store.close`. */
  close(): Promise<void>;
}
