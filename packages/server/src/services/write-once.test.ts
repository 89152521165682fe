import { describe, expect, test } from "@jest/globals";
import type { MessageInit } from "@rollcall/rpc";
import type { CreateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import { databaseNames } from "../storage/test-store.fixture.js";
import { collect, draftUser, draftUsers } from "./draft-user.fixture.js";
import { emailTaken, etagMismatch, notFound, requestIdReused } from "./status.fixture.js";
import { givenUserService, startUserService } from "./user-service.fixture.js";

const anybody = "01890000-0000-7000-8000-000000000000";

let count = 0;

function freshRequestId(): string {
  count += 1;
  return `request-${String(count)}`;
}

/** The same message with the entries of its map in another order. */
function reversed(request: MessageInit<CreateUserRequest>): MessageInit<CreateUserRequest> {
  return { ...request, metadata: Object.fromEntries(Object.entries(request.metadata ?? {}).reverse()) };
}

describe.each(databaseNames)("a request id on %s", (name) => {
  const given = givenUserService(name);
  const countUsers = async () => (await collect(given.client.listUsers({}))).length;

  test("gives a repeated CreateUser the first answer, also when the user has changed or is gone", async () => {
    const request = draftUser({ requestId: freshRequestId(), password: "correct horse", metadata: { a: "1", b: "2" } });
    const user = await given.client.createUser(request);

    await expect(given.client.createUser(request)).resolves.toEqual(user);
    await given.client.updateUser({ id: user.id, name: "Ada King" });
    await expect(given.client.createUser(reversed(request))).resolves.toEqual(user);
    await given.client.deleteUser({ id: user.id });
    await expect(given.client.createUser(request)).resolves.toEqual(user);

    await expect(given.client.getUser({ id: user.id })).rejects.toMatchObject(notFound(user.id));
  });

  test("gives a repeated UpdateUser the first answer, though its etag is stale by then", async () => {
    const { id, etag } = await given.client.createUser(draftUser());
    const request = { id, etag, requestId: freshRequestId(), setMetadata: { team: "core" }, phone: "" };
    const updated = await given.client.updateUser(request);

    await expect(given.client.updateUser(request)).resolves.toEqual(updated);
    const changed = await given.client.updateUser({ id, setMetadata: { team: "tools" } });
    await expect(given.client.updateUser(request)).resolves.toEqual(updated);
    await expect(given.client.getUser({ id })).resolves.toEqual({ user: changed });

    await given.client.deleteUser({ id });
    await expect(given.client.updateUser(request)).resolves.toEqual(updated);
  });

  test("gives a repeated DeleteUser the first answer", async () => {
    const { id, etag } = await given.client.createUser(draftUser());
    const request = { id, etag, requestId: freshRequestId() };

    await given.client.deleteUser(request);

    await expect(given.client.deleteUser(request)).resolves.toEqual({});
    await expect(given.client.deleteUser({ id })).rejects.toMatchObject(notFound(id));
  });

  test("makes twenty equal CreateUsers at once one user", async () => {
    const before = await countUsers();
    const request = draftUser({ requestId: freshRequestId(), password: "correct horse" });

    const users = await Promise.all(Array.from({ length: 20 }, () => given.client.createUser(request)));

    expect(new Set(users.map(({ id }) => id)).size).toBe(1);
    await expect(countUsers()).resolves.toBe(before + 1);
  });

  test("makes twenty equal UpdateUsers at once one change", async () => {
    const { id, etag } = await given.client.createUser(draftUser());
    const request = { id, etag, requestId: freshRequestId(), name: "Ada King" };

    const users = await Promise.all(Array.from({ length: 20 }, () => given.client.updateUser(request)));

    expect(new Set(users.map((user) => user.etag)).size).toBe(1);
  });

  test("makes twenty equal DeleteUsers at once one deletion", async () => {
    const { id } = await given.client.createUser(draftUser());
    const request = { id, requestId: freshRequestId() };

    const answers = await Promise.all(Array.from({ length: 20 }, () => given.client.deleteUser(request)));

    expect(answers).toEqual(Array.from({ length: 20 }, () => ({})));
  });

  test("makes equal CreateUsers to two servers at once one user", async () => {
    await using other = await startUserService(given.store);
    const before = await countUsers();
    const request = draftUser({ requestId: freshRequestId(), password: "correct horse" });

    const users = await Promise.all(
      Array.from({ length: 20 }, (_, number) => (number % 2 === 0 ? given : other).client.createUser(request)),
    );

    expect(new Set(users.map(({ id }) => id)).size).toBe(1);
    await expect(countUsers()).resolves.toBe(before + 1);
    expect(other.unexpected).toEqual([]);
  });

  test("of two different requests to two servers at once, one has its effect and the other is refused", async () => {
    await using other = await startUserService(given.store);
    const requestId = freshRequestId();

    const results = await Promise.allSettled([
      given.client.createUser(draftUser({ requestId })),
      other.client.createUser(draftUser({ requestId })),
    ]);

    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: requestIdReused(requestId) });
  });

  test("is the same request whatever white space is around the name", async () => {
    const request = draftUser({ requestId: freshRequestId() });
    const user = await given.client.createUser(request);

    await expect(given.client.createUser({ ...request, name: `  ${user.name}\n` })).resolves.toEqual(user);
  });

  const first = {
    password: "correct horse",
    phone: "+41446681800",
    roles: ["reader", "writer"],
    metadata: { team: "core" },
  };

  test.each<[string, MessageInit<CreateUserRequest>]>([
    ["name", { name: "Grace Hopper" }],
    ["e-mail", { email: "somebody.else@example.com" }],
    ["password", { password: "battery staple" }],
    ["lack of a password", { password: "" }],
    ["phone", { phone: "+12025550123" }],
    ["lack of a phone", { phone: undefined }],
    ["roles", { roles: ["writer", "reader"] }],
    ["metadata", { metadata: { team: "tools" } }],
  ])("is refused when a CreateUser comes with another %s under it", async (_case, change) => {
    const request = draftUser({ ...first, requestId: freshRequestId() });
    await given.client.createUser(request);
    const before = await countUsers();

    await expect(given.client.createUser({ ...request, ...change })).rejects.toMatchObject(
      requestIdReused(request.requestId ?? ""),
    );

    await expect(countUsers()).resolves.toBe(before);
  });

  test.each([
    ["id", { id: anybody }],
    ["name", { name: "Grace Hopper" }],
    ["lack of a name", { name: undefined }],
    ["e-mail", { email: "somebody.else@example.com" }],
    ["empty phone", { phone: "" }],
    ["note", { setMetadata: { team: "tools" } }],
    ["key to remove", { removeMetadata: ["floor"] }],
    ["etag", { etag: '"2"' }],
  ])("is refused when an UpdateUser comes with another %s under it", async (_case, change) => {
    const { id } = await given.client.createUser(draftUser(first));
    const requestId = freshRequestId();
    const request = { id, requestId, name: "Ada King", setMetadata: { team: "rollcall" } };
    const user = await given.client.updateUser(request);

    await expect(given.client.updateUser({ ...request, ...change })).rejects.toMatchObject(requestIdReused(requestId));

    await expect(given.client.getUser({ id })).resolves.toEqual({ user });
  });

  test("is refused when a DeleteUser comes for another user under it", async () => {
    const { users } = await given.client.createUsers(draftUsers(2));
    const [ada = "", grace = ""] = users.map(({ id }) => id);
    const requestId = freshRequestId();
    await given.client.deleteUser({ id: ada, requestId });

    await expect(given.client.deleteUser({ id: grace, requestId })).rejects.toMatchObject(requestIdReused(requestId));

    await expect(given.client.getUser({ id: grace })).resolves.toMatchObject({ user: { id: grace } });
  });

  test("of two different requests at once, one has its effect and the other is refused", async () => {
    const requestId = freshRequestId();

    const results = await Promise.allSettled(
      draftUsers(2, { requestId }).map((draft) => given.client.createUser(draft)),
    );

    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(results.find(({ status }) => status === "rejected")).toMatchObject({ reason: requestIdReused(requestId) });
  });

  test("is not kept when the call failed", async () => {
    const taken = await given.client.createUser(draftUser());
    const create = draftUser({ requestId: freshRequestId() });
    await expect(given.client.createUser({ ...create, email: taken.email })).rejects.toMatchObject(
      emailTaken(taken.email),
    );
    const user = await given.client.createUser(create);

    const update = { id: user.id, requestId: freshRequestId(), name: "Ada King" };
    await expect(given.client.updateUser({ ...update, etag: '"9"' })).rejects.toMatchObject(
      etagMismatch(user.id, '"9"'),
    );
    await expect(given.client.updateUser(update)).resolves.toMatchObject({ name: "Ada King" });

    const requestId = freshRequestId();
    await expect(given.client.deleteUser({ id: anybody, requestId })).rejects.toMatchObject(notFound(anybody));
    await expect(given.client.deleteUser({ id: user.id, requestId })).resolves.toEqual({});
  });

  test("belongs to one method: another may use the same", async () => {
    const requestId = freshRequestId();
    const { id } = await given.client.createUser(draftUser({ requestId }));

    await expect(given.client.updateUser({ id, requestId, name: "Ada King" })).resolves.toMatchObject({ id });
    await expect(given.client.deleteUser({ id, requestId })).resolves.toEqual({});
  });

  test("belongs to one caller: another may use the same", async () => {
    const callerNamed = (subject: string) => ({ subject, roles: ["admin"], credential: "token" as const });
    await using ada = await startUserService(given.store, { caller: callerNamed("ada") });
    await using grace = await startUserService(given.store, { caller: callerNamed("grace") });
    const requestId = freshRequestId();
    const [adas, graces] = [draftUser({ requestId }), draftUser({ requestId })];

    const user = await ada.client.createUser(adas);
    await expect(grace.client.createUser(graces)).resolves.toMatchObject({ email: graces.email });
    await expect(ada.client.createUser(adas)).resolves.toEqual(user);
    await expect(ada.client.createUser(graces)).rejects.toMatchObject(requestIdReused(requestId));
  });

  test("is ignored in CreateUsers", async () => {
    const requestId = freshRequestId();
    await given.client.createUser(draftUser({ requestId }));

    const { totalCount } = await given.client.createUsers([...draftUsers(2, { requestId })]);

    expect(totalCount).toBe(2);
  });

  test("was never the cause of a surprise", () => {
    expect(given.unexpected).toEqual([]);
  });
});
