import { describe, expect, test } from "@jest/globals";
import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServiceRedactions } from "@rollcall/contracts/user/v1/user_service.redact";
import { userServiceRequestSchemas } from "@rollcall/contracts/user/v1/user_service.schema";
import type { StatusError } from "@rollcall/rpc";
import { draftUser } from "./draft-user.fixture.js";
import { letters } from "./field-cases.fixture.js";
import { errorOf } from "./status.fixture.js";
import { givenUserService } from "./user-service.fixture.js";

/** What programs and people are told, apart from the fields of the request. */
function saidBy({ code, details, errorDetails: { errorInfo } }: StatusError) {
  return { code, details, errorInfo };
}

describe("the interceptors that requests pass", () => {
  const given = givenUserService("SQLite");

  test.each([
    ["a field", () => given.client.getUser({ id: letters(70_000) }), 65_536],
    ["many", () => given.client.setUserRoles({ id: "1", roles: Array.from({ length: 30_000 }, () => "a") }), 65_536],
    ["a record of a stream", () => given.client.createUsers([draftUser(), { name: letters(600_000) }]), 524_288],
  ])("refuse a request that %s makes too large, in the contract's words", async (_case, call, limit) => {
    expect(saidBy(await errorOf(call()))).toEqual(saidBy(errors.requestTooLarge({ limit })));
  });

  test("refuse another request under an id in the contract's words, in one process as between several", async () => {
    const requestId = "in the contract's words";
    await given.client.createUser(draftUser({ requestId }));
    const error = await errorOf(given.client.createUser(draftUser({ requestId })));
    expect(saidBy(error)).toEqual(saidBy(errors.requestIdReused({ request_id: requestId })));
  });

  test.each([
    ["schema", userServiceRequestSchemas],
    ["redaction", userServiceRedactions],
  ])("find a %s for every method", (_case, table) => {
    expect(Object.keys(table)).toEqual(Object.keys(UserServiceDefinition.methods));
  });
});
