import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type CallOptions, Status } from "@rollcall/rpc";
import { createSecret } from "../identity/secret.js";
import { errorOf } from "../services/status.fixture.js";
import { eventually } from "../storage/eventually.fixture.js";
import type { NewApiKey } from "../storage/identity/api-key.js";
import type { RevocationReader } from "../storage/identity/revocation.js";
import { StoreError } from "../storage/store-error.js";
import { givenStore } from "../storage/test-store.fixture.js";
import { type AccessServer, startAccessServer } from "./access-server.fixture.js";
import { bearer, createTestIssuer } from "./test-issuer.fixture.js";

const rejected = {
  code: Status.UNAUTHENTICATED,
  reason: "CREDENTIALS_REJECTED",
  details: "the credentials are not valid, or no longer; sign in again",
};
const required = { code: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REQUIRED" };
const denied = { code: Status.PERMISSION_DENIED, reason: "PERMISSION_DENIED", details: "you may not do this" };

const given = givenStore("SQLite");
let server: AccessServer;

beforeAll(async () => {
  server = await startAccessServer({ store: given.store });
});

afterAll(() => server[Symbol.asyncDispose]());

const ping = (options?: CallOptions) => server.client.ping({ text: "hello" }, options);
const count = (options?: CallOptions) => server.client.count({ to: 1 }, options).next();
const collect = (text: string, options?: CallOptions) => server.client.collect([{ text }], options);

describe("without credentials", () => {
  test("nobody makes a call that asks for them", async () => {
    const before = server.callers.length;
    await expect(errorOf(ping())).resolves.toMatchObject(required);
    await expect(errorOf(count())).resolves.toMatchObject(required);
    await expect(errorOf(collect("ann"))).resolves.toMatchObject(required);
    expect(server.callers).toHaveLength(before);
  });

  test("anybody makes a call that is public, and so does whoever brings some that do not count", async () => {
    for (const options of [{}, bearer("nonsense"), { metadata: { "x-api-key": "nonsense" } }]) {
      await expect(server.client.echo([{ text: "hello" }], options).next()).resolves.toMatchObject({ done: false });
      expect(server.callers.at(-1)).toBeUndefined();
    }
  });
});

describe("an access token", () => {
  test("lets its user in, with the roles that it names", async () => {
    await ping(bearer(await server.issuer.sign({ roles: ["reader"], ver: 7 })));
    expect(server.callers.at(-1)).toMatchObject({
      subject: "ann",
      roles: ["reader"],
      credential: "token",
      credentialId: "ann's",
      authVersion: 7,
    });
  });

  test("lets in to what the policy says, and to nothing else", async () => {
    const reader = bearer(await server.issuer.sign({ roles: ["reader"] }));
    const nothing = bearer(await server.issuer.sign());
    await expect(count(reader)).resolves.toMatchObject({ value: { number: 1 } });
    await expect(errorOf(count(nothing))).resolves.toMatchObject(denied);
    await expect(collect("ann", nothing)).resolves.toMatchObject({ texts: ["ann"] });
    await expect(errorOf(collect("bob", nothing))).resolves.toMatchObject(denied);
    await expect(collect("bob", bearer(await server.issuer.sign({ roles: ["admin"] })))).resolves.toBeDefined();
  });

  const seconds = () => Math.floor(Date.now() / 1_000);
  test.each<[string, () => Record<string, unknown>]>([
    ["that has expired", () => ({ iat: seconds() - 700, exp: seconds() - 100 })],
    ["without an end", () => ({ exp: undefined })],
    ["that is not yet issued", () => ({ iat: seconds() + 100 })],
    ["of another issuer", () => ({ iss: "https://id.example" })],
    ["for somebody else", () => ({ aud: "others" })],
    ["without a session", () => ({ sid: undefined })],
    ["without a version", () => ({ ver: undefined })],
    ["whose version is no number", () => ({ ver: "1" })],
    ["of nobody", () => ({ sub: "" })],
  ])("%s does not count, and nobody is told why", async (_what, claims) => {
    await expect(errorOf(ping(bearer(await server.issuer.sign(claims()))))).resolves.toMatchObject(rejected);
  });

  test("that somebody else has signed does not count", async () => {
    const forger = await createTestIssuer();
    await expect(errorOf(ping(bearer(await forger.sign())))).resolves.toMatchObject(rejected);
  });

  test.each(["nonsense", "a.b.c", "x".repeat(9_000)])("that is none does not count (%#)", async (token) => {
    await expect(errorOf(ping(bearer(token)))).resolves.toMatchObject(rejected);
  });

  test("of 100 KB does not even arrive, and does no harm", async () => {
    await expect(errorOf(ping(bearer("x".repeat(100_000))))).resolves.toMatchObject({ code: Status.INTERNAL });
    await expect(ping(bearer(await server.issuer.sign()))).resolves.toBeDefined();
  });
});

describe("what is revoked", () => {
  const newUser = (email: string) => given.store.write((unit) => unit.users.insert({ name: "Ann", email, status: 1 }));
  const isRejected = (options: CallOptions) =>
    eventually(async () => {
      expect(await errorOf(ping(options))).toMatchObject(rejected);
    }, 1_000);

  test("stops counting within a second: a session", async () => {
    const { id: userId } = await newUser("session@example.com");
    const expiresAt = new Date(Date.now() + 600_000);
    const session = await given.store.write((unit) =>
      unit.sessions.begin({ userId, expiresAt }, { digest: "s1", expiresAt }),
    );
    const token = bearer(await server.issuer.sign({ sub: userId, sid: session.id }));
    const other = bearer(await server.issuer.sign({ sub: userId, sid: "another" }));
    await ping(token);
    await given.store.write((unit) => unit.sessions.end(session.id));
    await isRejected(token);
    await expect(ping(other)).resolves.toBeDefined();
  });

  test.each([
    ["a user's status", { status: 3 }],
    ["a user's roles", { roles: ["reader"] }],
    ["a user's password", { passwordHash: "another" }],
  ])("stops counting within a second: %s, when it was another", async (what, changes) => {
    const { id: sub } = await newUser(`${what.replaceAll(/\W/g, "-")}@example.com`);
    const token = bearer(await server.issuer.sign({ sub }));
    await ping(token);
    const { authVersion: ver } = await given.store.write((unit) => unit.users.update(sub, changes));
    await isRejected(token);
    await expect(ping(bearer(await server.issuer.sign({ sub, ver })))).resolves.toBeDefined();
  });

  test("stops counting within a second: a user who is deleted, whatever the version", async () => {
    const { id: sub } = await newUser("deleted@example.com");
    const tokens = [bearer(await server.issuer.sign({ sub })), bearer(await server.issuer.sign({ sub, ver: 99 }))];
    await Promise.all(tokens.map(ping));
    await given.store.write((unit) => unit.users.delete(sub));
    await Promise.all(tokens.map(isRejected));
  });

  test("ends the streams that run on it", async () => {
    const { id: sub } = await newUser("stream@example.com");
    const responses = server.client.count(
      { to: 1_000_000, paddingBytes: 1_000 },
      bearer(await server.issuer.sign({ sub, roles: ["reader"] })),
    );
    await responses.next();
    await given.store.write((unit) => unit.users.update(sub, { status: 3 }));
    const drained = (async () => {
      for await (const { number } of responses) {
        expect(number).toBeGreaterThan(0);
      }
    })();
    await expect(errorOf(drained)).resolves.toMatchObject(rejected);
  });
});

describe("an API key", () => {
  const key = (secret: string) => ({ metadata: { "x-api-key": secret } });
  const newKey = async (changes: Partial<NewApiKey> = {}) => {
    const { text, digest } = createSecret("rck_");
    const draft = { name: "backup", roles: ["reader"], expiresAt: undefined, createdBy: "ann", digest, ...changes };
    const { id } = await given.store.write((unit) => unit.apiKeys.insert(draft));
    return { id, options: key(text) };
  };

  test("lets its service in, with the roles that it was made with", async () => {
    const { id, options } = await newKey();
    await expect(count(options)).resolves.toMatchObject({ value: { number: 1 } });
    expect(server.callers.at(-1)).toMatchObject({
      subject: id,
      roles: ["reader"],
      credential: "apiKey",
      credentialId: id,
    });
    await expect(errorOf(collect("ann", options))).resolves.toMatchObject(denied);
    await expect(errorOf(count((await newKey({ roles: [] })).options))).resolves.toMatchObject(denied);
  });

  test("that was revoked stops counting within a second, also where it was used a moment ago", async () => {
    const { id, options } = await newKey();
    await ping(options);
    await given.store.write((unit) => unit.apiKeys.revoke(id));
    await eventually(async () => {
      expect(await errorOf(ping(options))).toMatchObject(rejected);
    }, 1_000);
  });

  test("that was revoked does not count either when the revocation has long been forgotten", async () => {
    const since = () => Promise.resolve([]);
    await using late = await startAccessServer({ store: { apiKeys: given.store.apiKeys, revocations: { since } } });
    const { id, options } = await newKey();
    await given.store.write((unit) => unit.apiKeys.revoke(id));
    await expect(errorOf(late.client.ping({}, options))).resolves.toMatchObject(rejected);
  });

  test("that has run out does not count", async () => {
    const { options } = await newKey({ expiresAt: new Date(Date.now() - 1) });
    await expect(errorOf(ping(options))).resolves.toMatchObject(rejected);
  });

  test.each(["rck_nobody's", "x".repeat(2_000)])("that nobody has does not count (%#)", async (secret) => {
    await expect(errorOf(ping(key(secret)))).resolves.toMatchObject(rejected);
  });

  test("is known by its digest: what is stored is no key", async () => {
    const { digest } = createSecret("rck_");
    await newKey({ digest });
    await expect(errorOf(ping(key(digest)))).resolves.toMatchObject(rejected);
  });
});

test("while the store is down nobody is let in, and nobody is told that their credentials do not count", async () => {
  const since = () => Promise.reject(new StoreError("unavailable", "the database does not answer"));
  const store = { apiKeys: given.store.apiKeys, revocations: { since } satisfies RevocationReader };
  await using blind = await startAccessServer({ store });
  const token = bearer(await blind.issuer.sign());
  await expect(errorOf(blind.client.ping({}, token))).resolves.toMatchObject({
    code: Status.UNAVAILABLE,
    reason: "CREDENTIALS_UNVERIFIABLE",
    retryDelayMs: 1_000,
  });
  await expect(errorOf(blind.client.ping({}, bearer("nonsense")))).resolves.toMatchObject(rejected);
  await expect(errorOf(blind.client.ping({}))).resolves.toMatchObject(required);
  await expect(blind.client.echo([{ text: "hello" }], token).next()).resolves.toMatchObject({ done: false });
  expect(blind.callers).toEqual([undefined]);
});
