import { describe, expect, test } from "@jest/globals";
import { StoreError } from "./store-error.js";
import { databaseNames, givenStore } from "./test-store.fixture.js";
import type { NewUser } from "./user.js";

let count = 0;

/** A new user whose e-mail nobody has. */
function someone(changes: Partial<NewUser> = {}): NewUser {
  count += 1;
  return { name: "Ada Lovelace", email: `ada.${count}@example.com`, status: 1, ...changes };
}

describe.each(databaseNames)("users in a unit of work on %s", (name) => {
  let nowMs = 1_700_000_000_000;
  const given = givenStore(name, { now: () => nowMs });
  const insert = (user: NewUser) => given.store.write((unit) => unit.users.insert(user));

  test("a user is stored with all that was given, an id, the time and version 1", async () => {
    const draft = someone({
      email: "Grace.Hopper@Example.com",
      roles: ["admin", "reader"],
      metadata: { team: "compilers", ["__proto__"]: "kept" },
      phone: "+12025550123",
      passwordHash: "$argon2id$x",
    });

    const user = await insert(draft);

    const { passwordHash, ...shown } = draft;
    expect(user).toEqual({
      ...shown,
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      createdAt: new Date(nowMs),
      updatedAt: new Date(nowMs),
      version: 1,
      authVersion: 1,
    });
    await expect(given.store.users.find(user.id)).resolves.toEqual(user);
    await expect(given.store.users.findCredentials("grace.hopper@EXAMPLE.COM")).resolves.toEqual({
      user,
      passwordHash,
    });
  });

  test("a user without the optional fields has no phone, roles, metadata or password", async () => {
    const draft = someone();

    const user = await insert(draft);

    expect(user).toMatchObject({ roles: [], metadata: {}, phone: undefined });
    await expect(given.store.users.findCredentials(draft.email)).resolves.toEqual({ user, passwordHash: undefined });
  });

  test("an update changes what is given, counts the version up and moves the time", async () => {
    const user = await insert(someone({ phone: "+12025550123", roles: ["reader"] }));
    nowMs += 1_000;

    const updated = await given.store.write((unit) =>
      unit.users.update(user.id, { name: "Ada King", metadata: { title: "Countess" }, phone: null, status: 2 }),
    );

    expect(updated).toEqual({
      ...user,
      name: "Ada King",
      metadata: { title: "Countess" },
      phone: undefined,
      status: 2,
      updatedAt: new Date(nowMs),
      version: 2,
      authVersion: 2,
    });
    await expect(given.store.users.find(user.id)).resolves.toEqual(updated);
  });

  test("the time of the last change never goes backwards", async () => {
    const user = await insert(someone());
    nowMs -= 60_000;

    const updated = await given.store.write((unit) => unit.users.update(user.id, { name: "Ada King" }));

    expect(updated.updatedAt).toEqual(user.updatedAt);
    nowMs += 60_000;
  });

  test("an update for another version is refused and changes nothing", async () => {
    const user = await insert(someone());

    const update = given.store.write((unit) => unit.users.update(user.id, { name: "Eve" }, { version: 2 }));

    await expect(update).rejects.toMatchObject({ kind: "versionMismatch" });
    await expect(given.store.users.find(user.id)).resolves.toEqual(user);
  });

  test("of 20 updates at once for one version, exactly one wins", async () => {
    const user = await insert(someone());

    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) =>
        given.store.write((unit) => unit.users.update(user.id, { name: `Ada ${number}` }, { version: 1 })),
      ),
    );

    expect(tally(results)).toEqual({ fulfilled: 1, versionMismatch: 19 });
    await expect(given.store.users.find(user.id)).resolves.toMatchObject({ version: 2 });
  });

  test("20 units that read for update and add to what they read lose none of it", async () => {
    const user = await insert(someone({ metadata: { count: "0" } }));

    await Promise.all(
      Array.from({ length: 20 }, () =>
        given.store.write(async (unit) => {
          const found = await unit.users.findForUpdate(user.id);
          await unit.users.update(user.id, { metadata: { count: String(Number(found?.metadata["count"]) + 1) } });
        }),
      ),
    );

    await expect(given.store.users.find(user.id)).resolves.toMatchObject({ metadata: { count: "20" }, version: 21 });
  });

  test("a deleted user is gone and its e-mail is free", async () => {
    const draft = someone();
    const user = await insert(draft);

    await given.store.write((unit) => unit.users.delete(user.id, { version: 1 }));

    await expect(given.store.users.find(user.id)).resolves.toBeUndefined();
    await expect(insert(draft)).resolves.toMatchObject({ email: draft.email });
  });

  test("deleting for another version is refused", async () => {
    const user = await insert(someone());

    const deletion = given.store.write((unit) => unit.users.delete(user.id, { version: 2 }));

    await expect(deletion).rejects.toMatchObject({ kind: "versionMismatch" });
    await expect(given.store.users.find(user.id)).resolves.toEqual(user);
  });

  test("a user who does not exist can be neither updated nor deleted", async () => {
    const update = given.store.write((unit) => unit.users.update("nobody", { name: "Eve" }, { version: 1 }));
    await expect(update).rejects.toMatchObject({ kind: "userNotFound" });

    const deletion = given.store.write((unit) => unit.users.delete("nobody"));
    await expect(deletion).rejects.toMatchObject({ kind: "userNotFound" });
  });

  test("an e-mail cannot be taken over by an update, whatever its case", async () => {
    const first = await insert(someone());
    const second = await insert(someone());

    const update = given.store.write((unit) => unit.users.update(second.id, { email: first.email.toUpperCase() }));

    await expect(update).rejects.toMatchObject({ kind: "emailTaken", index: 0 });
    await expect(given.store.users.find(second.id)).resolves.toEqual(second);
  });

  test("of 50 users at once with one e-mail in several cases, exactly one is stored", async () => {
    const spellings = [
      "race@example.com",
      "RACE@example.com",
      "Race@Example.Com",
      "race@EXAMPLE.com",
      "rAcE@eXample.coM",
    ];

    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, number) => insert(someone({ email: spellings[number % spellings.length] ?? "" }))),
    );

    expect(tally(results)).toEqual({ fulfilled: 1, emailTaken: 49 });
  });
});

describe.each(databaseNames)("many users in a unit of work on %s", (name) => {
  const given = givenStore(name);
  const insertMany = (users: readonly NewUser[]) => given.store.write((unit) => unit.users.insertMany(users));

  test("5,000 users are stored in the order given, which is that of their ids", async () => {
    const drafts = Array.from({ length: 5_000 }, (_, number) => someone({ name: `User ${number}`, status: 2 }));

    const users = await insertMany(drafts);

    expect(users.map((user) => user.name)).toEqual(drafts.map((draft) => draft.name));
    await expect(given.store.users.page({ status: 2, limit: 5_001 })).resolves.toEqual(users);
  });

  test("no users are stored as easily", async () => {
    await expect(insertMany([])).resolves.toEqual([]);
  });

  test.each([
    ["the first", 0],
    ["one in the middle", 2_345],
    ["the last", 2_999],
  ])("when the e-mail of %s is taken, its index is named and nothing is stored", async (_case, offender) => {
    const [taken] = await insertMany([someone()]);
    const drafts = Array.from({ length: 3_000 }, () => someone({ status: 3 }));
    drafts[offender] = someone({ email: taken?.email.toUpperCase() ?? "" });

    await expect(insertMany(drafts)).rejects.toMatchObject({ kind: "emailTaken", index: offender });

    await expect(given.store.users.page({ status: 3, limit: 1 })).resolves.toEqual([]);
  });

  test("when two of the batch share an e-mail, the later one's index is named and nothing is stored", async () => {
    const drafts = Array.from({ length: 300 }, () => someone({ status: 3 }));
    drafts[210] = someone({ email: drafts[17]?.email.toUpperCase() ?? "" });

    await expect(insertMany(drafts)).rejects.toMatchObject({ kind: "emailTaken", index: 210 });

    await expect(given.store.users.page({ status: 3, limit: 1 })).resolves.toEqual([]);
  });

  test("of batches at once that share e-mails in opposite orders, exactly one is stored", async () => {
    const emails = Array.from({ length: 200 }, () => someone().email);

    const results = await Promise.allSettled(
      Array.from({ length: 6 }, (_, number) => {
        const order = number % 2 === 0 ? emails : emails.toReversed();
        return insertMany(order.map((email) => someone({ email, status: 4 })));
      }),
    );

    expect(tally(results)).toEqual({ fulfilled: 1, emailTaken: 5 });
    await expect(given.store.users.page({ status: 4, limit: 1_000 })).resolves.toHaveLength(200);
  });
});

/** How many promises ended in which way. */
function tally(results: readonly PromiseSettledResult<unknown>[]): Record<string, number> {
  const tallied: Record<string, number> = {};
  for (const result of results) {
    const reason: unknown = result.status === "rejected" ? result.reason : undefined;
    const way = reason instanceof StoreError ? reason.kind : result.status;
    tallied[way] = (tallied[way] ?? 0) + 1;
  }
  return tallied;
}
