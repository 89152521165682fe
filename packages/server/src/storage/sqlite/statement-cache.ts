import type Libsql from "libsql";

/** A prepared statement, and whether it returns rows. */
export interface CachedStatement {
  readonly statement: Libsql.Statement;
  readonly returnsRows: boolean;
}

/** Prepares each text once, and forgets the text that was not used for longest when there are too many. */
export class StatementCache {
  readonly #statements = new Map<string, CachedStatement>();

  constructor(
    private readonly connection: Libsql.Database,
    private readonly maxStatements: number,
  ) {}

  /** The statement of a text, prepared now or before. */
  prepare(text: string): CachedStatement {
    const cached = this.#statements.get(text) ?? this.#compile(text);
    // A map keeps its keys in the order they were set, so the one unused for longest comes first.
    this.#statements.delete(text);
    this.#statements.set(text, cached);
    this.#evict();
    return cached;
  }

  /** Lets go of every statement. */
  clear(): void {
    this.#statements.clear();
  }

  #compile(text: string): CachedStatement {
    const statement = this.connection.prepare(text);
    return { statement, returnsRows: statement.reader };
  }

  #evict(): void {
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > this.maxStatements && oldest !== undefined) {
      this.#statements.delete(oldest);
    }
  }
}
