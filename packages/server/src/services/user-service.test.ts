import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { databaseNames } from "../storage/test-store.fixture.js";
import { collect, draftUser, freshEmail } from "./draft-user.fixture.js";
import { emailTaken, etagMismatch, notFound } from "./status.fixture.js";
import { givenUserService } from "./user-service.fixture.js";

const nobody = "01890000-0000-7000-8000-000000000000";

/** Texts that are altered easily on their way into a database and back. */
const corpus = [
  ["emoji with modifiers", "👩🏽‍🚀👨‍👩‍👧‍👦🏳️‍🌈"],
  ["right to left", "שלום עולم‎ مرحبا بالعالم"],
  ["combining marks, not composed", "e\u0301 \u0061\u0308 Z\u0351\u036B\u0343\u036A"],
  ["combining marks, composed", "é ä"],
  ["four-byte characters", "𝒳𠜎𐍈"],
  ["zero-width characters", "a\u200Bb\u200Cc\u200Dd\uFEFFe"],
  ["quotes and SQL", `'; drop table users; -- " \\ %_ $1 ?`],
  ["control characters", "a\tb\nc\u0001d\u007Fe"],
  ["the last code points", "\uFFFC\uFFFE\u{10FFFF}"],
] as const;

describe.each(databaseNames)("UserService on %s", (name) => {
  const given = givenUserService(name);

  describe("CreateUser", () => {
    test("answers the user with an id, the time, an etag and all that was given", async () => {
      const draft = draftUser({ phone: "+41446681800", roles: ["admin", "reader"], metadata: { team: "compilers" } });
      const before = Date.now();

      const user = await given.client.createUser({ ...draft, password: "correct horse" });

      expect(user).toEqual({
        ...draft,
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
        status: UserStatus.USER_STATUS_ACTIVE,
        createdAt: expect.any(Date),
        updatedAt: user.createdAt,
        etag: expect.stringMatching(/^".+"$/),
      });
      expect(user.createdAt?.getTime()).toBeGreaterThanOrEqual(before);
      expect(user.createdAt?.getTime()).toBeLessThanOrEqual(Date.now());
      await expect(given.client.getUser({ id: user.id })).resolves.toEqual({ user });
    });

    test("keeps a hash of the password and not the password", async () => {
      const { email } = await given.client.createUser(draftUser({ password: "correct horse" }));

      const credentials = await given.store.users.findCredentials(email);

      expect(credentials?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    });

    test("a user without a password has no hash", async () => {
      const { email } = await given.client.createUser(draftUser());

      await expect(given.store.users.findCredentials(email)).resolves.toMatchObject({ passwordHash: undefined });
    });

    test("gives ids in the order of creation", async () => {
      const ids: string[] = [];
      for (let number = 0; number < 20; number += 1) {
        ids.push((await given.client.createUser(draftUser())).id);
      }

      expect(ids).toEqual(ids.toSorted());
    });

    test("drops white space around a name", async () => {
      await expect(given.client.createUser(draftUser({ name: " \t\u00A0Ada Lovelace\n " }))).resolves.toMatchObject({
        name: "Ada Lovelace",
      });
    });

    test.each(corpus)("keeps %s as they were sent", async (_case, text) => {
      const texts = { name: text, roles: [text], metadata: { [text]: text } };

      const { id } = await given.client.createUser(draftUser(texts));

      const { user } = await given.client.getUser({ id });
      expect(user).toMatchObject(texts);
    });

    test("refuses an e-mail that another user has, whatever its case", async () => {
      const email = `Grace.${freshEmail()}`;
      await given.client.createUser(draftUser({ email }));

      const again = email.toUpperCase();
      await expect(given.client.createUser(draftUser({ email: again }))).rejects.toMatchObject(emailTaken(again));
    });

    test("lets one of fifty win that race for an e-mail", async () => {
      const email = freshEmail();

      const results = await Promise.allSettled(
        Array.from({ length: 50 }, (_, number) =>
          given.client.createUser(draftUser({ email: number % 2 === 0 ? email : email.toUpperCase() })),
        ),
      );

      const refused = results.filter((result) => result.status === "rejected");
      expect(refused).toHaveLength(49);
      for (const { reason } of refused) {
        expect(reason).toMatchObject({ reason: "EMAIL_TAKEN", code: emailTaken(email).code });
      }
    });
  });

  describe("GetUser", () => {
    test.each([
      ["an id that nobody has", nobody],
      ["one character", "x"],
      ["64 characters", "x".repeat(64)],
      ["64 characters beyond the basic plane", "😀".repeat(64)],
      ["something that looks like SQL", "' or 1=1 --"],
    ])("does not find %s", async (_case, id) => {
      await expect(given.client.getUser({ id })).rejects.toMatchObject(notFound(id));
    });

    test("does not find an id in other case, or with space around it", async () => {
      const { id } = await given.client.createUser(draftUser());

      for (const other of [id.toUpperCase(), ` ${id}`, `${id} `]) {
        await expect(given.client.getUser({ id: other })).rejects.toMatchObject(notFound(other));
      }
    });
  });

  describe("BatchGetUsers", () => {
    test("answers those found in the order asked, one asked for twice twice", async () => {
      const ada = await given.client.createUser(draftUser());
      const grace = await given.client.createUser(draftUser());

      const { users } = await given.client.batchGetUsers({ ids: [grace.id, nobody, ada.id, "x", grace.id] });

      expect(users).toEqual([grace, ada, grace]);
    });

    test("answers nothing when nothing is asked", async () => {
      await expect(given.client.batchGetUsers({})).resolves.toEqual({ users: [] });
    });

    test("answers 500 at once", async () => {
      const { users: created } = await given.client.createUsers(Array.from({ length: 500 }, () => draftUser()));

      const { users } = await given.client.batchGetUsers({ ids: created.map(({ id }) => id).toReversed() });

      expect(users).toEqual(created.toReversed());
    });
  });

  describe("DeleteUser", () => {
    test("erases the user and frees the e-mail", async () => {
      const { id, email } = await given.client.createUser(draftUser());

      await expect(given.client.deleteUser({ id })).resolves.toEqual({});

      await expect(given.client.getUser({ id })).rejects.toMatchObject(notFound(id));
      await expect(given.client.batchGetUsers({ ids: [id] })).resolves.toEqual({ users: [] });
      await expect(given.client.createUser(draftUser({ email }))).resolves.toMatchObject({ email });
      const listed = await collect(given.client.listUsers({}));
      expect(listed.map((user) => user.id)).not.toContain(id);
    });

    test("a user who is gone is not found", async () => {
      const { id, etag } = await given.client.createUser(draftUser());
      await given.client.deleteUser({ id });

      await expect(given.client.deleteUser({ id })).rejects.toMatchObject(notFound(id));
      await expect(given.client.deleteUser({ id, etag })).rejects.toMatchObject(notFound(id));
    });

    test("erases only the version that is named", async () => {
      const { id, etag } = await given.client.createUser(draftUser());
      const changed = await given.client.updateUser({ id, name: "Ada King" });

      for (const stale of [etag, '"999"', `W/${changed.etag}`, "*", "nonsense"]) {
        await expect(given.client.deleteUser({ id, etag: stale })).rejects.toMatchObject(etagMismatch(id, stale));
      }

      await expect(given.client.getUser({ id })).resolves.toEqual({ user: changed });
      await expect(given.client.deleteUser({ id, etag: changed.etag })).resolves.toEqual({});
    });
  });

  test("none of this was unexpected", () => {
    expect(given.unexpected).toEqual([]);
  });
});
