import { randomBytes } from "node:crypto";
import { afterAll, jest } from "@jest/globals";
import pg from "pg";
import type { OwnPostgres } from "./own-postgres.fixture.js";
import { startOwnPostgres } from "./own-postgres.fixture.js";

/** An empty PostgreSQL database, dropped when it is disposed of. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  /** Runs a statement on a connection that the store knows nothing of. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

// Starting a server and making databases on a busy machine takes longer than the five seconds that a test has otherwise.
jest.setTimeout(30_000);

const localUrl = "postgres://postgres@127.0.0.1:5432/postgres";

let serverUrl: Promise<string> | undefined;
let ownServer: OwnPostgres | undefined;

let openDatabases = 0;
let isLastTestOver = false;

// This hook comes before those of the test file, which may be the ones that drop its databases.
afterAll(async () => {
  isLastTestOver = true;
  await stopUnusedServer();
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
  openDatabases += 1;
  return {
    url,

    async query(sql, parameters = []) {
      return (await client.query<Record<string, unknown>>(sql, [...parameters])).rows;
    },

    async [Symbol.asyncDispose]() {
      await client.end();
      await queryOnce(admin, `drop database ${name} with (force)`);
      openDatabases -= 1;
      await stopUnusedServer();
    },
  };
}

async function stopUnusedServer(): Promise<void> {
  if (isLastTestOver && openDatabases === 0) {
    await ownServer?.[Symbol.asyncDispose]();
  }
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
