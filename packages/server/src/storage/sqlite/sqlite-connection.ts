import { setImmediate as nextTurn } from "node:timers/promises";
import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type Libsql from "libsql";
import { requireStorableText } from "../storable-text.js";
import { StoreError } from "../store-error.js";
import { translateSqliteError } from "./sqlite-error.js";
import { StatementCache } from "./statement-cache.js";

/**
 * Queries after which the event loop gets a turn. The driver frees what a query allocated only between turns: a loop
 * that awaits nothing but queries grew by a kilobyte with each. It also keeps long units of work from blocking others; their
 * transaction stays open meanwhile, and nobody else can reach its connection.
 */
const queriesPerTurn = 256;

const maxStatements = 128;

/** One connection to the file, as Kysely uses it. Its queries run on this thread, so each has to be short. */
export class SqliteConnection implements DatabaseConnection {
  readonly #statements: StatementCache;
  #queriesLeft = queriesPerTurn;
  #isClosed = false;

  constructor(private readonly connection: Libsql.Database) {
    this.#statements = new StatementCache(connection, maxStatements);
  }

  /** Whether a transaction is open: some errors end it by themselves. */
  get inTransaction(): boolean {
    return !this.#isClosed && this.connection.inTransaction;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    this.#queriesLeft -= 1;
    if (this.#queriesLeft <= 0) {
      this.#queriesLeft = queriesPerTurn;
      await nextTurn();
    }
    return this.#execute(sql, parameters);
  }

  streamQuery(): never {
    throw new Error("streaming would keep a read transaction open; read pages instead");
  }

  /** Lets go of the file. */
  close(): void {
    this.#isClosed = true;
    this.#statements.clear();
    this.connection.close();
  }

  #execute<Row>(text: string, parameters: readonly unknown[]): QueryResult<Row> {
    if (this.#isClosed) {
      // The driver would end the process.
      throw new StoreError("unavailable", "the store is closed");
    }
    requireStorableText(parameters);
    parameters.forEach(requireBindable);
    try {
      const { statement, returnsRows } = this.#statements.prepare(text);
      if (returnsRows) {
        // The cast is Kysely's contract: it knows the row's type from the query that it compiled. `all` rather than
        // `get`, which adds a key of the driver's own.
        return { rows: statement.all(parameters) as Row[] };
      }
      return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) };
    } catch (error) {
      throw translateSqliteError(error);
    }
  }
}

/** The driver ends the process when it is given a boolean, and stores `undefined` as null. */
function requireBindable(parameter: unknown): void {
  if (typeof parameter === "boolean" || parameter === undefined) {
    throw new StoreError("internal", `SQLite cannot store ${String(parameter)}; give 0, 1 or null`);
  }
}
