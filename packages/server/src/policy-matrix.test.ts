import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { descriptorSet } from "@rollcall/contracts/descriptor-set";
import { type MethodPolicy, Status } from "@rollcall/rpc";
import { callerNames, createCallers, type MatrixCaller } from "./access/matrix-callers.fixture.js";
import { type MatrixServer, reachedStatus, startMatrixServer } from "./access/matrix-server.fixture.js";
import { type ContractMethod, methods } from "./contract-services.fixture.js";
import { readDescriptorFiles } from "./reflection/descriptor-files.js";
import { givenStore } from "./storage/test-store.fixture.js";

/** Who may call what, as the contract says it in words. */
const contract: Readonly<Record<string, string>> = {
  GetUser: "the user, admin, reader",
  BatchGetUsers: "admin, reader",
  ListUsers: "admin, reader",
  CreateUser: "admin",
  CreateUsers: "admin",
  SetUserStatus: "admin",
  SetUserRoles: "admin",
  UpdateUser: "the user, admin",
  DeleteUser: "the user, admin",
  Chat: "whoever is signed in",
  Register: "anybody",
  Login: "anybody",
  RefreshToken: "anybody",
  Logout: "whoever is signed in",
  ChangePassword: "whoever is signed in",
  CreateApiKey: "admin",
  RevokeApiKey: "admin",
  ListApiKeys: "admin",
  ListAuditEvents: "admin",
};

function inWords({ access }: MethodPolicy): string {
  switch (access.kind) {
    case "public":
      return "anybody";
    case "authenticated":
      return access.roles.length === 0 ? "whoever is signed in" : access.roles.join(", ");
    case "self":
      return ["the user", ...access.roles].join(", ");
  }
}

describe("the policies", () => {
  test("cover every method that user.v1 declares", () => {
    const declared = readDescriptorFiles([descriptorSet])
      .filter(({ descriptor }) => descriptor.package === "user.v1")
      .flatMap(({ descriptor }) => descriptor.service)
      .flatMap((service) => service.method.map(({ name }) => `/user.v1.${service.name}/${name}`));
    expect(methods.map(({ method }) => method.path).toSorted()).toEqual(declared.toSorted());
  });

  test("are those of the contract", () => {
    expect(Object.fromEntries(methods.map(({ method, policy }) => [method.name, inWords(policy)]))).toEqual(contract);
  });
});

const required = { code: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REQUIRED" };
const rejected = { code: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REJECTED" };
const denied = { code: Status.PERMISSION_DENIED, reason: "PERMISSION_DENIED" };

/** What a call has to end with, by nothing but the words of the contract. */
function expected({ method }: ContractMethod, { worth, target }: MatrixCaller) {
  const admitted = contract[method.name]?.split(", ") ?? [];
  if (admitted.includes("anybody")) {
    return reachedStatus;
  }
  if (worth.kind !== "good") {
    return worth.kind === "none" ? required : rejected;
  }
  const isNamed = admitted.includes("the user") && worth.subject === target;
  const isAdmitted = admitted.includes("whoever is signed in") || worth.roles.some((role) => admitted.includes(role));
  return isNamed || isAdmitted ? reachedStatus : denied;
}

describe("the policy table", () => {
  const given = givenStore("SQLite");
  let server: MatrixServer;
  let callers: Awaited<ReturnType<typeof createCallers>>;

  beforeAll(async () => {
    server = await startMatrixServer(given.store);
    callers = await createCallers(given.store, server.issuer);
    await server.catchUp();
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  describe.each(methods.map((method) => [method.method.name, method] as const))(
    "lets into %s whom it names",
    (_name, method) => {
      test.each(callerNames)("%s", async (name) => {
        const caller = callers[name];
        const { access } = method.policy;
        const request = { [access.kind === "self" ? access.subjectField : "id"]: caller.target };
        server.reached.length = 0;
        const outcome = expected(method, caller);
        await expect(server.call(method, request, caller.options)).resolves.toMatchObject(outcome);
        expect(server.reached).toEqual(outcome === reachedStatus ? [method.method.path] : []);
      });
    },
  );
});
