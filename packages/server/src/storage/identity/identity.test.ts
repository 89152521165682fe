import { describe, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { openPostgresDatabase } from "../postgres/open-postgres-database.js";
import { openSqliteDatabase } from "../sqlite/open-sqlite-database.js";
import { openStore } from "../open-store.js";
import { createTestHome, databaseNames, givenStore, type TestHome } from "../test-store.fixture.js";
import type { Rotation } from "./session.js";

const dayMs = 86_400_000;

describe.each(databaseNames)("on %s", (name) => {
  let nowMs = 1_700_000_000_000;
  let users = 0;
  const given = givenStore(name, { now: () => nowMs });

  const inDays = (days: number) => new Date(nowMs + days * dayMs);
  const token = (digest: string, days = 30) => ({ digest, expiresAt: inDays(days) });
  const newUser = () =>
    given.store.write((unit) =>
      unit.users.insert({ name: "Ada", email: `ada${String(++users)}@example.com`, status: 1, passwordHash: "old" }),
    );
  const begin = (userId: string, digest: string) =>
    given.store.write((unit) => unit.sessions.begin({ userId, expiresAt: inDays(90) }, token(digest)));
  const rotate = (digest: string, next: string): Promise<Rotation> =>
    given.store.write((unit) => unit.sessions.rotate(digest, token(next)));
  const head = async () => (await given.store.revocations.since(0, 100_000)).at(-1)?.sequence ?? 0;

  describe("a session", () => {
    test("goes on with each refresh token, once", async () => {
      const user = await newUser();
      const session = await begin(user.id, "a1");
      expect(session).toMatchObject({ userId: user.id, createdAt: new Date(nowMs), expiresAt: inDays(90) });
      await expect(rotate("a1", "a2")).resolves.toEqual({ kind: "rotated", session });
      await expect(rotate("a2", "a3")).resolves.toEqual({ kind: "rotated", session });
      await expect(rotate("a1", "x")).resolves.toEqual({ kind: "reused", session });
      await expect(rotate("a2", "x")).resolves.toEqual({ kind: "reused", session });
      await expect(rotate("a3", "a4")).resolves.toMatchObject({ kind: "rotated" });
    });

    test("goes on with exactly one of fifty that use a token at once", async () => {
      const user = await newUser();
      await begin(user.id, "b1");
      const kinds = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => (await rotate("b1", `b2-${String(index)}`)).kind),
      );
      expect(kinds.filter((kind) => kind === "rotated")).toHaveLength(1);
      expect(kinds.filter((kind) => kind === "reused")).toHaveLength(49);
    });

    test("is not gone on with by a token that nobody knows, or that has run out, or of one that has ended", async () => {
      const user = await newUser();
      await given.store.write((unit) =>
        unit.sessions.begin({ userId: user.id, expiresAt: inDays(90) }, token("c1", 1)),
      );
      await begin(user.id, "c2");
      const { id } = await begin(user.id, "c3");
      await given.store.write((unit) => unit.sessions.end(id));
      nowMs += dayMs;
      await expect(rotate("nobody's", "x")).resolves.toEqual({ kind: "unknown" });
      await expect(rotate("c1", "x")).resolves.toEqual({ kind: "unknown" });
      await expect(rotate("c3", "x")).resolves.toEqual({ kind: "unknown" });
      await expect(rotate("c2", "c2-next")).resolves.toMatchObject({ kind: "rotated" });
    });

    test("ends when its time is over, however fresh the token", async () => {
      const user = await newUser();
      await given.store.write((unit) =>
        unit.sessions.begin({ userId: user.id, expiresAt: inDays(2) }, token("d1", 30)),
      );
      nowMs += 2 * dayMs;
      await expect(rotate("d1", "x")).resolves.toEqual({ kind: "unknown" });
    });

    test("that ends is revoked, once, and so are all of a user's", async () => {
      const user = await newUser();
      const other = await begin((await newUser()).id, "e0");
      const [first, second] = [await begin(user.id, "e1"), await begin(user.id, "e2")];
      const before = await head();
      await given.store.write((unit) => unit.sessions.end(first.id));
      await given.store.write((unit) => unit.sessions.end(first.id));
      await given.store.write((unit) => unit.sessions.end("no such session"));
      await given.store.write((unit) => unit.sessions.endAllOf(user.id));
      await expect(given.store.revocations.since(before, 10)).resolves.toEqual([
        { sequence: before + 1, kind: "session", id: first.id },
        { sequence: before + 2, kind: "session", id: second.id },
      ]);
      await expect(rotate("e0", "e00")).resolves.toEqual({ kind: "rotated", session: other });
    });
  });

  describe("tokens of a user", () => {
    test.each([
      ["status", { status: 3 }],
      ["roles", { roles: ["admin"] }],
      ["password", { passwordHash: "new" }],
    ])("are revoked when the %s changes", async (_what, changes) => {
      const user = await newUser();
      const before = await head();
      const changed = await given.store.write((unit) => unit.users.update(user.id, changes));
      expect([user.authVersion, changed.authVersion]).toEqual([1, 2]);
      await expect(given.store.revocations.since(before, 10)).resolves.toEqual([
        { sequence: before + 1, kind: "user", id: user.id, belowVersion: 2 },
      ]);
    });

    test("are not revoked when anything else changes, or the same password is hashed anew", async () => {
      const user = await newUser();
      const before = await head();
      await given.store.write((unit) => unit.users.update(user.id, { name: "Lovelace", email: `x${user.email}` }));
      await given.store.write((unit) => unit.users.rehash(user.id, "old", "renewed"));
      await given.store.write((unit) => unit.users.rehash(user.id, "old", "too late"));
      await expect(given.store.users.findCredentialsById(user.id)).resolves.toMatchObject({
        passwordHash: "renewed",
        user: { authVersion: 1 },
      });
      expect(await head()).toBe(before);
    });

    test("are revoked for good when the user is deleted, and the sessions are gone", async () => {
      const user = await newUser();
      await begin(user.id, "f1");
      const before = await head();
      await given.store.write((unit) => unit.users.delete(user.id));
      await expect(given.store.revocations.since(before, 10)).resolves.toEqual([
        { sequence: before + 1, kind: "user", id: user.id, belowVersion: Infinity },
      ]);
      await expect(rotate("f1", "x")).resolves.toEqual({ kind: "unknown" });
    });

    test("are not revoked by a unit of work that fails", async () => {
      const user = await newUser();
      const before = await head();
      const failing = given.store.write(async (unit) => {
        await unit.users.update(user.id, { status: 3 });
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await head()).toBe(before);
    });
  });

  test("revocations have sequences without a hole, in the order of their commits", async () => {
    const before = await head();
    const seen: number[] = [];
    let last = before;
    const writing = Promise.all(
      Array.from({ length: 20 }, async () => {
        const user = await newUser();
        await given.store.write((unit) => unit.users.update(user.id, { status: 2 }));
      }),
    );
    const isDone = writing.then(() => true);
    for (let done = false; !done || last < (await head());) {
      done = await Promise.race([isDone, Promise.resolve(false)]);
      for (const { sequence } of await given.store.revocations.since(last, 3)) {
        seen.push(sequence);
        last = sequence;
      }
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, index) => before + 1 + index));
  });

  test("signing keys are listed newest first, and made by one at a time", async () => {
    const makeUnlessThere = () =>
      given.store.write(async (unit) => {
        if ((await unit.signingKeys.listForUpdate()).length === 0) {
          await unit.signingKeys.insert({ id: "k1", privateJwk: "{}" });
        }
      });
    await Promise.all(Array.from({ length: 10 }, makeUnlessThere));
    nowMs += 1;
    await given.store.write((unit) => unit.signingKeys.insert({ id: "k2", privateJwk: '{"d":"x"}' }));
    await expect(given.store.signingKeys.list()).resolves.toEqual([
      { id: "k2", privateJwk: '{"d":"x"}', createdAt: new Date(nowMs) },
      { id: "k1", privateJwk: "{}", createdAt: new Date(nowMs - 1) },
    ]);
    await given.store.write((unit) => unit.signingKeys.delete("k1"));
    await expect(given.store.signingKeys.list()).resolves.toHaveLength(1);
  });

  test("API keys are found by their digest, paged newest first, and revoked once", async () => {
    const make = (digest: string) =>
      given.store.write((unit) =>
        unit.apiKeys.insert({ name: digest, roles: ["reader"], expiresAt: inDays(1), createdBy: "ada", digest }),
      );
    const [one, two, three] = [await make("1"), await make("2"), await make("3")];
    await expect(given.store.apiKeys.findByDigest("2")).resolves.toEqual(two);
    await expect(given.store.apiKeys.findByDigest("4")).resolves.toBeUndefined();
    await expect(given.store.apiKeys.page({ limit: 2 })).resolves.toEqual([three, two]);
    await expect(given.store.apiKeys.page({ limit: 2, beforeId: two.id })).resolves.toEqual([one]);

    const before = await head();
    const revoked = { ...two, revokedAt: new Date(nowMs) };
    await expect(given.store.write((unit) => unit.apiKeys.revoke(two.id))).resolves.toEqual(revoked);
    nowMs += 1;
    await expect(given.store.write((unit) => unit.apiKeys.revoke(two.id))).resolves.toEqual(revoked);
    await expect(given.store.write((unit) => unit.apiKeys.revoke("none"))).resolves.toBeUndefined();
    await expect(given.store.revocations.since(before, 10)).resolves.toEqual([
      { sequence: before + 1, kind: "apiKey", id: two.id },
    ]);
  });

  test("audited calls are paged newest first, and by who made them, on whom, and which", async () => {
    const event = (actor: string, subject: string, method: string) => ({
      actor,
      subject,
      method,
      credential: "token",
      status: "OK",
      reason: "",
      requestId: "r",
      peer: "127.0.0.1",
      detail: "",
    });
    const events = [event("ada", "bob", "/m/A"), event("ada", "cy", "/m/B"), event("bob", "cy", "/m/A")];
    for (const one of events) {
      await given.store.write((unit) => unit.audit.append(one));
    }
    const page = await given.store.audit.page({ limit: 2 });
    expect(page).toEqual([
      { ...events[2], id: expect.any(String), time: new Date(nowMs) },
      { ...events[1], id: expect.any(String), time: new Date(nowMs) },
    ]);
    const subjects = async (query: object) =>
      (await given.store.audit.page({ limit: 9, ...query })).map(({ actor, subject }) => `${actor}>${subject}`);
    await expect(subjects({ beforeId: page[1]?.id })).resolves.toEqual(["ada>bob"]);
    await expect(subjects({ actor: "ada" })).resolves.toEqual(["ada>cy", "ada>bob"]);
    await expect(subjects({ subject: "cy", method: "/m/A" })).resolves.toEqual(["bob>cy"]);
  });

  test("what no longer counts is forgotten, and nothing else", async () => {
    const user = await newUser();
    await begin(user.id, "g1");
    const ended = await begin(user.id, "g2");
    await given.store.write((unit) => unit.sessions.end(ended.id));
    nowMs += 1;
    await begin(user.id, "g3");
    await given.store.forgetIdentityBefore(new Date(nowMs));
    await expect(given.store.revocations.since(0, 10)).resolves.toEqual([]);
    await expect(rotate("g1", "g1-next")).resolves.toMatchObject({ kind: "rotated" });
    await expect(rotate("g3", "g3-next")).resolves.toMatchObject({ kind: "rotated" });
    const before = await head();
    await given.store.write((unit) => unit.users.update(user.id, { status: 2 }));
    expect(await head()).toBeGreaterThan(before);
  });

  test("the audit log cannot be changed, by nobody who speaks SQL", async () => {
    await using home = await createTestHome(name);
    const store = await openStore(home.options);
    await store.write((unit) =>
      unit.audit.append({
        actor: "ada",
        credential: "token",
        method: "/m/A",
        subject: "",
        status: "OK",
        reason: "",
        requestId: "",
        peer: "",
        detail: "",
      }),
    );
    await store.close();
    const database = await openDatabase(home);
    const statements = [
      sql`update audit_events set actor = 'nobody'`,
      sql`delete from audit_events`,
      ...(name === "PostgreSQL" ? [sql`truncate audit_events`] : []),
    ];
    for (const statement of statements) {
      await expect(statement.execute(database.writes)).rejects.toMatchObject({ kind: "internal" });
    }
    await database.close();
    const reopened = await openStore(home.options);
    await expect(reopened.audit.page({ limit: 9 })).resolves.toMatchObject([{ actor: "ada" }]);
    await reopened.close();
  });

  function openDatabase({ options }: TestHome) {
    return options.databaseUrl === undefined
      ? openSqliteDatabase({ dataDir: options.dataDir })
      : openPostgresDatabase({ databaseUrl: options.databaseUrl });
  }
});
