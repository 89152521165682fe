import { randomBytes } from "node:crypto";
import { afterAll } from "@jest/globals";
import pg from "pg";

const localUrl = "postgres://postgres@127.0.0.1:5432/postgres";

/** A schema of a test file's own, in a PostgreSQL that runs. */
export interface TestDatabase {
  /** A pool whose queries find their tables in the schema. */
  createPool(): pg.Pool;
}

/**
 * Makes a schema on the server that `ROLLCALL_TEST_DATABASE_URL` names, else on a local one, and drops it after the tests.
 *
 * @returns undefined where no server answers.
 */
export async function findTestDatabase(): Promise<TestDatabase | undefined> {
  const given = process.env["ROLLCALL_TEST_DATABASE_URL"];
  const isGiven = given !== undefined && given !== "";
  const admin = new pg.Pool({ connectionString: isGiven ? given : localUrl, connectionTimeoutMillis: 5_000, max: 1 });
  const schema = `rollcall_test_${randomBytes(8).toString("hex")}`;
  try {
    await admin.query(`create schema ${schema}`);
  } catch (error) {
    await admin.end();
    if (isGiven) {
      throw error;
    }
    return undefined;
  }
  const pools: pg.Pool[] = [];
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await admin.query(`drop schema ${schema} cascade`);
    await admin.end();
  });
  return {
    createPool() {
      const pool = new pg.Pool({ ...admin.options, max: 4, options: `-c search_path=${schema}` });
      pools.push(pool);
      return pool;
    },
  };
}
