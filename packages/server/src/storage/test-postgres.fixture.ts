import { randomBytes } from "node:crypto";
import { afterAll } from "@jest/globals";
import pg from "pg";
import type { OwnPostgres } from "./own-postgres.fixture.js";
import { startOwnPostgres } from "./own-postgres.fixture.js";

/** An empty PostgreSQL database, dropped when it is disposed of. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Runs a statement on a connection that the store knows nothing of. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

const localUrl = "postgres://postgres@127.0.0.1:5432/postgres";

let serverUrl: Promise<string> | undefined;
let ownServer: OwnPostgres | undefined;

afterAll(async () => {
  await ownServer?.[Symbol.asyncDispose]();
});

/**
 * Creates a database on the server that `ROLLCALL_TEST_DATABASE_URL` names, else on a local one, else on one that is started
 * for the test file.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  serverUrl ??= findServer();
  const admin = await serverUrl;
  const name = `rollcall_test_${randomBytes(8).toString("hex")}`;
  await queryOnce(admin, `create database ${name}`);
  const url = Object.assign(new URL(admin), { pathname: `/${name}` }).href;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    url,

    async query(sql, parameters = []) {
      return (await client.query<Record<string, unknown>>(sql, [...parameters])).rows;
    },

    async [Symbol.asyncDispose]() {
      await client.end();
      await queryOnce(admin, `drop database ${name} with (force)`);
    },
  };
}

async function findServer(): Promise<string> {
  const given = process.env["ROLLCALL_TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") {
    return given;
  }
  try {
    await queryOnce(localUrl, "select 1");
    return localUrl;
  } catch {
    ownServer = await startOwnPostgres();
    return ownServer.url;
  }
}

async function queryOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
