import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import type { UpdateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import type { MessageInit } from "@rollcall/rpc";
import fc from "fast-check";
import { databaseNames } from "../storage/test-store.fixture.js";
import type { User } from "../storage/user.js";
import { draftUser, freshEmail } from "./draft-user.fixture.js";
import { emailTaken, etagMismatch, invalid, notFound } from "./status.fixture.js";
import { requestedChanges } from "./update-user.js";
import { givenUserService } from "./user-service.fixture.js";

const nobody = "01890000-0000-7000-8000-000000000000";

const entries = (count: number, prefix = "key") =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`${prefix}${String(number)}`, String(number)]));

describe.each(databaseNames)("UpdateUser on %s", (name) => {
  const given = givenUserService(name);
  const createUser = () =>
    given.client.createUser(
      draftUser({ phone: "+41446681800", roles: ["reader"], metadata: { team: "core", floor: "3" } }),
    );

  test.each<[string, MessageInit<UpdateUserRequest>, object]>([
    ["a name", { name: " Ada King " }, { name: "Ada King" }],
    ["a phone", { phone: "+12025550123" }, { phone: "+12025550123" }],
    ["an empty phone, which removes it", { phone: "" }, { phone: undefined }],
    ["a note to add", { setMetadata: { x: "" } }, { metadata: { team: "core", floor: "3", x: "" } }],
    ["a note to replace", { setMetadata: { team: "tools" } }, { metadata: { team: "tools", floor: "3" } }],
    ["a note to remove", { removeMetadata: ["team", "absent"] }, { metadata: { floor: "3" } }],
    [
      "notes to set and remove",
      { setMetadata: { x: "1" }, removeMetadata: ["team", "floor"] },
      { metadata: { x: "1" } },
    ],
  ])("changes %s and nothing else", async (_case, request, change) => {
    const user = await createUser();

    const updated = await given.client.updateUser({ id: user.id, ...request });

    expect(updated).toEqual({
      ...user,
      ...change,
      updatedAt: expect.any(Date),
      etag: expect.not.stringMatching(user.etag),
    });
    expect(updated.updatedAt?.getTime()).toBeGreaterThanOrEqual(user.updatedAt?.getTime() ?? Infinity);
    await expect(given.client.getUser({ id: user.id })).resolves.toEqual({ user: updated });
  });

  test.each<[string, MessageInit<UpdateUserRequest>]>([
    ["is given", {}],
    [
      "is different",
      { name: "Ada Lovelace", phone: "+41446681800", setMetadata: { team: "core" }, removeMetadata: ["x"] },
    ],
  ])("changes nothing, not even the etag, when nothing %s", async (_case, request) => {
    const user = await createUser();

    await expect(given.client.updateUser({ id: user.id, ...request })).resolves.toEqual(user);
    await expect(given.client.getUser({ id: user.id })).resolves.toEqual({ user });
  });

  test("changes an e-mail, which frees the one before", async () => {
    const { id, email } = await createUser();
    const next = freshEmail();

    await expect(given.client.updateUser({ id, email: next })).resolves.toMatchObject({ email: next });

    await expect(given.client.createUser(draftUser({ email }))).resolves.toMatchObject({ email });
    await expect(given.client.createUser(draftUser({ email: next }))).rejects.toMatchObject(emailTaken(next));
  });

  test("lets a user change the case of the own e-mail", async () => {
    const { id, email } = await createUser();
    const upper = email.toUpperCase();

    await expect(given.client.updateUser({ id, email: upper })).resolves.toMatchObject({ email: upper });
  });

  test("refuses an e-mail that another user has, and then changes nothing", async () => {
    const ada = await createUser();
    const grace = await createUser();
    const email = ada.email.toUpperCase();

    await expect(given.client.updateUser({ id: grace.id, name: "Grace", email })).rejects.toMatchObject(
      emailTaken(email),
    );

    await expect(given.client.getUser({ id: grace.id })).resolves.toEqual({ user: grace });
  });

  test("lets one of fifty win the race for an e-mail", async () => {
    const { users } = await given.client.createUsers(Array.from({ length: 50 }, () => draftUser()));
    const email = freshEmail();

    const results = await Promise.allSettled(users.map(({ id }) => given.client.updateUser({ id, email })));

    const refused = results.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(49);
    for (const { reason } of refused) {
      expect(reason).toMatchObject(emailTaken(email));
    }
  });

  test("loses no note when many are added at once", async () => {
    const { id } = await createUser();

    await Promise.all(
      Object.entries(entries(30)).map(([key, value]) => given.client.updateUser({ id, setMetadata: { [key]: value } })),
    );

    const { user } = await given.client.getUser({ id });
    expect(user?.metadata).toEqual({ team: "core", floor: "3", ...entries(30) });
  });

  test("keeps at most 64 notes, counted after all changes", async () => {
    const { id } = await createUser();

    await expect(given.client.updateUser({ id, setMetadata: entries(63) })).rejects.toMatchObject({
      ...invalid("set_metadata"),
      details: "set_metadata would leave the user with more than 64 entries",
    });

    await given.client.updateUser({ id, setMetadata: entries(62) });
    const request = { id, setMetadata: entries(2, "other"), removeMetadata: ["team", "floor"] };
    const { metadata } = await given.client.updateUser(request);
    expect(metadata).toEqual({ ...entries(62), ...entries(2, "other") });
    await expect(given.client.updateUser({ id, setMetadata: { more: "" } })).rejects.toMatchObject(
      invalid("set_metadata"),
    );
  });
});

describe.each(databaseNames)("every change to a user on %s", (name) => {
  const given = givenUserService(name);
  const changes = {
    UpdateUser: (id: string, etag = "") =>
      given.client.updateUser({ id, etag, setMetadata: { at: String(Math.random()) } }),
    SetUserStatus: (id: string, etag = "") =>
      given.client.setUserStatus({ id, etag, status: UserStatus.USER_STATUS_BANNED, reason: "spam" }),
    SetUserRoles: (id: string, etag = "") => given.client.setUserRoles({ id, etag, roles: ["admin"] }),
  };
  const each = Object.entries(changes);

  test.each(each)("%s counts the version up", async (_rpc, change) => {
    const user = await given.client.createUser(draftUser());

    const changed = await change(user.id, user.etag);

    expect(changed.etag).not.toBe(user.etag);
    await expect(given.client.getUser({ id: user.id })).resolves.toEqual({ user: changed });
  });

  test.each(each)("%s refuses every etag but the current one", async (_rpc, change) => {
    const { id, etag } = await given.client.createUser(draftUser());
    const user = await given.client.updateUser({ id, name: "Ada King" });

    for (const stale of [etag, '"0"', '"3"', `W/${user.etag}`, "2", "*", "x".repeat(64)]) {
      await expect(change(id, stale)).rejects.toMatchObject(etagMismatch(id, stale));
    }

    await expect(given.client.getUser({ id })).resolves.toEqual({ user });
    await expect(change(id, user.etag)).resolves.toMatchObject({ id });
  });

  test.each(each)("%s finds nobody under an unknown id, whatever the etag", async (_rpc, change) => {
    await expect(change(nobody)).rejects.toMatchObject(notFound(nobody));
    await expect(change(nobody, '"1"')).rejects.toMatchObject(notFound(nobody));
  });

  test.each([
    ["SetUserStatus", changes.SetUserStatus],
    ["SetUserRoles", changes.SetUserRoles],
  ])("%s changes nothing more when it is repeated", async (_rpc, change) => {
    const { id } = await given.client.createUser(draftUser());
    const changed = await change(id);

    await expect(change(id)).resolves.toEqual(changed);
  });

  test("SetUserStatus sets the status alone, and SetUserRoles all of the roles", async () => {
    const user = await given.client.createUser(draftUser({ roles: ["reader", "admin"] }));
    const status = UserStatus.USER_STATUS_INACTIVE;

    const inactive = await given.client.setUserStatus({ id: user.id, status });
    expect(inactive).toEqual({ ...user, status, updatedAt: expect.any(Date), etag: expect.any(String) });

    const writer = await given.client.setUserRoles({ id: user.id, roles: ["writer"] });
    expect(writer).toEqual({ ...inactive, roles: ["writer"], updatedAt: expect.any(Date), etag: expect.any(String) });
    await expect(given.client.setUserRoles({ id: user.id })).resolves.toMatchObject({ roles: [] });
  });

  test("one of twenty changes to the same version wins", async () => {
    const { id, etag } = await given.client.createUser(draftUser());

    const results = await Promise.allSettled(Array.from({ length: 20 }, () => changes.UpdateUser(id, etag)));

    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      expect(result).toMatchObject(
        result.status === "fulfilled" ? { value: { id } } : { reason: etagMismatch(id, etag) },
      );
    }
  });
});

describe("requestedChanges", () => {
  const key = fc.constantFrom("a", "b", "c", "1", "constructor", "__proto__");
  const notes = fc.dictionary(key, fc.constantFrom("", "x", "y"), { noNullPrototype: true });
  const request = fc.record({
    name: fc.option(fc.constantFrom("Ada", "Grace"), { nil: undefined }),
    email: fc.option(fc.constantFrom("a@example.com", "b@example.com"), { nil: undefined }),
    phone: fc.option(fc.constantFrom("", "+12025550123"), { nil: undefined }),
    setMetadata: notes,
    removeMetadata: fc.array(key),
  });

  test("names what is present, and merges notes one by one", () => {
    fc.assert(
      fc.property(request, notes, (asked, metadata) => {
        const changes = requestedChanges({ ...asked, id: "x", etag: "", requestId: "" }, { ...someone, metadata });

        const expected = new Map(Object.entries(metadata));
        asked.removeMetadata.forEach((removed) => expected.delete(removed));
        Object.entries(asked.setMetadata).forEach(([set, value]) => expected.set(set, value));
        expect(new Map(Object.entries(changes.metadata ?? {}))).toEqual(expected);
        expect(changes.name).toBe(asked.name);
        expect(changes.email).toBe(asked.email);
        expect(changes.phone).toBe(asked.phone === "" ? null : asked.phone);
        expect("phone" in changes).toBe(asked.phone !== undefined);
      }),
    );
  });

  const someone: User = {
    id: "x",
    name: "Ada Lovelace",
    email: "ada@example.com",
    status: 1,
    roles: [],
    metadata: {},
    phone: undefined,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    version: 1,
    authVersion: 1,
  };
});
