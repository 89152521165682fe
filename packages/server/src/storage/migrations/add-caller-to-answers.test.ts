import { describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { createStore } from "../create-store.js";
import type { Database } from "../database.js";
import { openPostgresDatabase } from "../postgres/open-postgres-database.js";
import { openSqliteDatabase } from "../sqlite/open-sqlite-database.js";
import { createTestHome, databaseNames, type TestHome } from "../test-store.fixture.js";
import { createMigrations, type Migrations } from "./migrations.js";

const first = "0001-create-tables";
const path = "/user.v1.UserService/CreateUser";

describe.each(databaseNames)("a database of the first release on %s", (name) => {
  test("keeps its answers, as those of the caller that there was", async () => {
    await using home = await createTestHome(name);
    const old = await openDatabase(home, true);
    await sql`insert into answers (method, request_id, fingerprint, answer, created_at)
      values ('CreateUser', 'r-1', 'print', ${Uint8Array.of(1, 2, 3)}, 7)`.execute(old.writes);
    await old.close();

    const store = createStore(await openDatabase(home));

    await expect(store.answers.find({ caller: "", method: path, requestId: "r-1" })).resolves.toEqual({
      fingerprint: "print",
      answer: Uint8Array.of(1, 2, 3),
      createdAt: new Date(7),
    });
    await expect(store.answers.find({ caller: "ada", method: path, requestId: "r-1" })).resolves.toBeUndefined();
    await expect(claim(store, { caller: "" })).rejects.toMatchObject({ kind: "requestIdTaken" });
    await expect(claim(store, { caller: "ada" })).resolves.toBeUndefined();
    await expect(store.forgetAnswersBefore(new Date(8))).resolves.toBe(1);
    await store.close();
  });
});

function claim(store: ReturnType<typeof createStore>, { caller }: { readonly caller: string }): Promise<void> {
  return store.write(({ answers }) => answers.claim({ caller, method: path, requestId: "r-1" }, "print"));
}

/** Opens the database as this version does, or as the first release did. */
function openDatabase({ options }: TestHome, asFirstRelease = false): Promise<Database> {
  const { databaseUrl, dataDir } = options;
  const only = (types: Parameters<typeof createMigrations>[0]): Migrations => {
    const { [first]: migration } = createMigrations(types);
    return migration === undefined ? {} : { [first]: migration };
  };
  if (databaseUrl === undefined) {
    const migrations = only({ key: sql`text`, bytes: sql`blob`, appendOnly: () => [] });
    return openSqliteDatabase({ dataDir, ...(asFirstRelease && { migrations }) });
  }
  const migrations = only({ key: sql`text collate "C"`, bytes: sql`bytea`, appendOnly: () => [] });
  return openPostgresDatabase({ databaseUrl, ...(asFirstRelease && { migrations }) });
}
