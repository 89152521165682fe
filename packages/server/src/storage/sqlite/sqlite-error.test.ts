import { describe, expect, test } from "@jest/globals";
import Libsql from "libsql";
import { StoreError } from "../store-error.js";
import { translateSqliteError } from "./sqlite-error.js";

describe("translateSqliteError", () => {
  const users = "create table users (id text primary key, email_key text unique); insert into users values ('a', 'a')";

  test.each([
    ["an e-mail that is taken", "insert into users values ('b', 'a')", "emailTaken"],
    ["an id that is taken", "insert into users values ('a', 'b')", "internal"],
    ["a mistake in a statement", "selec", "internal"],
  ])("%s", (_case, statement, kind) => {
    const database = new Libsql(":memory:");
    database.exec(users);

    expect(translateSqliteError(errorOf(() => database.exec(statement)))).toMatchObject({ kind });
  });

  test.each([
    ["SQLITE_BUSY", 5, "contention"],
    ["SQLITE_BUSY_SNAPSHOT", 517, "contention"],
    ["SQLITE_READONLY", 8, "unavailable"],
    ["SQLITE_IOERR_FSYNC", 1034, "unavailable"],
    ["SQLITE_CORRUPT", 11, "internal"],
    ["SQLITE_FULL", 13, "full"],
    ["SQLITE_CANTOPEN", 14, "unavailable"],
  ])("%s", (code, rawCode, kind) => {
    const cause = Object.assign(new Error(code), { code, rawCode });

    expect(translateSqliteError(cause)).toMatchObject({ kind, cause });
  });

  test("a StoreError stays what it is, and anything else is internal", () => {
    const error = new StoreError("full", "full");

    expect(translateSqliteError(error)).toBe(error);
    expect(translateSqliteError(new TypeError("x"))).toMatchObject({ kind: "internal" });
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
