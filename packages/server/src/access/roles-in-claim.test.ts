import { describe, expect, test } from "@jest/globals";
import { rolesInClaim } from "./roles-in-claim.js";

describe("rolesInClaim", () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ["roles", { roles: ["reader", "admin"] }, ["reader", "admin"]],
    ["roles", { roles: [] }, []],
    ["roles", {}, []],
    ["groups", { roles: ["admin"], groups: ["reader"] }, ["reader"]],
    ["realm_access.roles", { realm_access: { roles: ["reader"] }, roles: ["admin"] }, ["reader"]],
    ["resource_access.users.roles", { resource_access: { users: { roles: ["reader"] } } }, ["reader"]],
    ["resource_access.users.roles", { resource_access: { files: { roles: ["admin"] } } }, []],
    ["realm_access.roles", { realm_access: "admin" }, []],
    ["realm_access.roles", { realm_access: null }, []],
    ["https://example.com/roles", { "https://example.com/roles": ["reader"] }, ["reader"]],
    ["a.b", { "a.b": ["exactly"], a: { b: ["by path"] } }, ["exactly"]],
    ["constructor", {}, []],
    ["constructor.name", {}, []],
    ["__proto__.roles", {}, []],
    ["realm_access..roles", { realm_access: { roles: ["admin"] } }, []],
  ])("finds in %j of %j: %j", (name, claims, roles) => {
    expect(rolesInClaim(claims, name)).toEqual(roles);
  });

  test.each([["admin"], [{ admin: true }], [[1]], [["admin", null]], [true], [0]])("refuses %j", (roles) => {
    expect(() => rolesInClaim({ roles }, "roles")).toThrow(
      new TypeError("the token's claim with the roles is no list of texts"),
    );
  });
});
