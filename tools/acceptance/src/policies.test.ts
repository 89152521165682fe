import { describe, expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";

const self = (roles: readonly string[]) => ({ kind: "self", subjectField: "id", roles });
const authenticated = (roles: readonly string[]) => ({ kind: "authenticated", roles });

describe("the policy of the contract", () => {
  test.each([
    ["getUser", self(["admin", "reader"]), "NO_SIDE_EFFECTS", undefined],
    ["batchGetUsers", authenticated(["admin", "reader"]), "NO_SIDE_EFFECTS", undefined],
    ["listUsers", authenticated(["admin", "reader"]), "NO_SIDE_EFFECTS", undefined],
    ["createUser", authenticated(["admin"]), undefined, "requestId"],
    ["createUsers", authenticated(["admin"]), undefined, undefined],
    ["setUserStatus", authenticated(["admin"]), "IDEMPOTENT", undefined],
    ["setUserRoles", authenticated(["admin"]), "IDEMPOTENT", undefined],
    ["updateUser", self(["admin"]), undefined, "requestId"],
    ["deleteUser", self(["admin"]), undefined, "requestId"],
    ["chat", authenticated([]), undefined, "messageId"],
  ] as const)("says of %s who may call it, and when a repeat is safe", (name, access, idempotencyLevel, key) => {
    const policy: { readonly access: object; readonly idempotencyKey?: string } = userServicePolicies[name];
    const options: { readonly idempotencyLevel?: string } = UserServiceDefinition.methods[name].options;
    expect(policy.access).toEqual(access);
    expect(options.idempotencyLevel).toBe(idempotencyLevel);
    expect(policy.idempotencyKey).toBe(key);
  });
});
