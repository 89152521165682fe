import type { CompiledQuery, DatabaseConnection, QueryResult } from "kysely";
import type { PoolClient, QueryResultRow } from "pg";
import { requireStorableText } from "../storable-text.js";
import { isBrokenConnection, translatePostgresError } from "./postgres-error.js";
import type { StatementNames } from "./statement-names.js";

/** A connection of the pool while it is in use, as Kysely uses it. */
export class PostgresConnection implements DatabaseConnection {
  #isBroken = false;

  constructor(
    private readonly client: PoolClient,
    private readonly names: StatementNames,
  ) {}

  /** Whether the connection has ended, which also undid the transaction that it had open. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, rowCount } = await this.query<Row & QueryResultRow>(query.sql, query.parameters);
    return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
  }

  streamQuery(): never {
    throw new Error("streaming would keep a transaction open; read pages instead");
  }

  /** Sends one statement, prepared under a name when it has parameters. */
  async query<Row extends QueryResultRow>(text: string, parameters: readonly unknown[] = []) {
    requireStorableText(parameters);
    const name = parameters.length > 0 ? this.names.nameOf(text) : undefined;
    try {
      return await this.client.query<Row>({ name, text, values: [...parameters] });
    } catch (error) {
      this.#isBroken ||= isBrokenConnection(error);
      throw translatePostgresError(error);
    }
  }

  /** Gives the connection back to the pool, which closes it when it is broken. */
  release(): void {
    this.client.release(this.#isBroken);
  }
}
