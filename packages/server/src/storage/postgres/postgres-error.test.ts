import { describe, expect, test } from "@jest/globals";
import { StoreError } from "../store-error.js";
import { isLostConnection, translatePostgresError } from "./postgres-error.js";

const withCode = (code: string, fields = {}) => Object.assign(new Error("as the driver says it"), { code, ...fields });

describe("translatePostgresError", () => {
  test.each([
    ["57P01", "unavailable", true],
    ["57P02", "unavailable", true],
    ["57P03", "unavailable", false],
    ["08006", "unavailable", true],
    ["25006", "unavailable", true],
    ["25P03", "unavailable", false],
    ["28P01", "unavailable", false],
    ["3D000", "unavailable", false],
    ["53300", "unavailable", false],
    ["57014", "unavailable", false],
    ["ECONNREFUSED", "unavailable", false],
    ["ECONNRESET", "unavailable", true],
    ["EPIPE", "unavailable", true],
    ["ENOTFOUND", "unavailable", false],
    ["53100", "full", false],
    ["40001", "contention", false],
    ["40P01", "contention", false],
    ["55P03", "contention", false],
    ["42601", "internal", false],
  ])("%s is %s; worth reading again at once: %s", (code, kind, isWorthRereading) => {
    const cause = withCode(code);

    expect(translatePostgresError(cause)).toMatchObject({ kind, cause });
    expect(isLostConnection(cause)).toBe(isWorthRereading);
  });

  test.each([
    ["Connection terminated unexpectedly", true],
    ["Connection terminated", true],
    ["Connection terminated due to connection timeout", false],
    ["Client has encountered a connection error and is not queryable", true],
    ["timeout exceeded when trying to connect", false],
    ["Query read timeout", false],
    ["Cannot use a pool after calling end on the pool", false],
  ])('"%s" is unavailable; worth reading again at once: %s', (message, isWorthRereading) => {
    expect(translatePostgresError(new Error(message))).toMatchObject({ kind: "unavailable" });
    expect(isLostConnection(new Error(message))).toBe(isWorthRereading);
  });

  test("the constraint of a unique violation tells an e-mail from a defect", () => {
    expect(translatePostgresError(withCode("23505", { constraint: "users_email_key" }))).toMatchObject({
      kind: "emailTaken",
      index: 0,
    });
    expect(translatePostgresError(withCode("23505", { constraint: "users_pkey" }))).toMatchObject({ kind: "internal" });
  });

  test("a host whose every address refuses says what the first one said", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
    const error = Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" });

    expect(translatePostgresError(error)).toMatchObject({
      kind: "unavailable",
      message: "the database is not available: connect ECONNREFUSED 127.0.0.1:1",
    });
  });

  test("a StoreError stays what it is, and anything else is internal", () => {
    const error = new StoreError("full", "full");

    expect(translatePostgresError(error)).toBe(error);
    expect(translatePostgresError(new TypeError("x"))).toMatchObject({ kind: "internal" });
  });
});
