import { describe, expect, test } from "@jest/globals";
import { UnverifiableCredentialsError } from "@rollcall/interceptors/server/auth";
import type { Store } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import { databaseNames, givenStore } from "../storage/test-store.fixture.js";
import { createSigningKeys } from "./signing-keys.js";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe.each(databaseNames)("signing keys on %s", (name) => {
  let nowMs = 1_700_000_000_000;
  const given = givenStore(name, { now: () => nowMs });

  const createServer = (store: Store = given.store) =>
    createSigningKeys(store, { tokenLifetimeMs: 10 * minuteMs, now: () => nowMs });
  const kidsOf = async (server: ReturnType<typeof createServer>) => (await server.jwks()).keys.map(({ kid }) => kid);
  const find = (server: ReturnType<typeof createServer>, kid: string) => server.find({ alg: "ES256", kid });

  /** As if the server had never been started. */
  async function forgetKeys() {
    await given.store.write(async (unit) => {
      for (const { id } of await unit.signingKeys.list()) {
        await unit.signingKeys.delete(id);
      }
    });
  }

  test("are one, of which servers that start at once make exactly one", async () => {
    await forgetKeys();
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await createServer().current()).id));
    expect(new Set(ids).size).toBe(1);
    await expect(given.store.signingKeys.list()).resolves.toHaveLength(1);
  });

  test("are published without what signs", async () => {
    await forgetKeys();
    const server = createServer();
    const { id } = await server.current();
    const base64 = expect.stringMatching(/^[\w-]{43}$/);
    const key = { kty: "EC", crv: "P-256", x: base64, y: base64, kid: id, alg: "ES256", use: "sig" };
    await expect(server.jwks()).resolves.toStrictEqual({ keys: [key] });
    const [stored] = await given.store.signingKeys.list();
    expect(JSON.parse(stored?.privateJwk ?? "")).toHaveProperty("d", base64);
  });

  test("cannot be taken out of the process again", async () => {
    const { privateKey } = await createServer().current();
    expect(privateKey).toMatchObject({ type: "private", extractable: false, usages: ["sign"] });
  });

  test("rotate: the next is published ten minutes before it signs, and the last as long as its tokens count", async () => {
    await forgetKeys();
    const server = createServer();
    const { id: first } = await server.current();
    nowMs += 30 * dayMs - 1;
    expect((await server.current()).id).toBe(first);

    nowMs += 1;
    expect((await server.current()).id).toBe(first);
    const [second = ""] = await kidsOf(server);
    expect(second).not.toBe(first);
    await expect(kidsOf(createServer())).resolves.toEqual([second, first]);

    nowMs += 10 * minuteMs;
    expect((await server.current()).id).toBe(second);
    await expect(find(server, first)).resolves.toBeDefined();

    nowMs += 30 * dayMs;
    await server.current();
    const [third] = await kidsOf(createServer());
    await expect(kidsOf(createServer())).resolves.toEqual([third, second]);
    await expect(find(server, first)).rejects.toThrow();
  });

  test("sign on however long nobody has signed in", async () => {
    await forgetKeys();
    const server = createServer();
    const { id: first } = await server.current();
    nowMs += 365 * dayMs;
    expect((await server.current()).id).toBe(first);
    await expect(find(createServer(), first)).resolves.toBeDefined();
  });

  test("that one server makes are found by the others", async () => {
    await forgetKeys();
    const [one, other] = [createServer(), createServer()];
    expect((await other.current()).id).toBe((await one.current()).id);
    nowMs += 30 * dayMs;
    await one.current();
    const [next = ""] = await kidsOf(one);
    await expect(find(other, next)).resolves.toMatchObject({ type: "public" });
    expect(other.version).toBeGreaterThan(0);
    await expect(kidsOf(other)).resolves.toEqual(await kidsOf(one));
  });

  test("are looked for once a second, however many are unknown", async () => {
    await forgetKeys();
    let looks = 0;
    const { signingKeys } = given.store;
    const list = () => {
      looks += 1;
      return signingKeys.list();
    };
    const server = createServer({ ...given.store, signingKeys: { list } });
    const guess = async () =>
      Promise.allSettled(Array.from({ length: 20 }, (_, index) => find(server, `guess ${String(index)}`)));
    await guess();
    await guess();
    expect(looks).toBe(1);
    nowMs += 1_000;
    await guess();
    expect(looks).toBe(2);
  });

  test("are neither known nor unknown while the store does not answer", async () => {
    await forgetKeys();
    const { id } = await createServer().current();
    const list = () => Promise.reject(new StoreError("unavailable", "the database does not answer"));
    const server = createServer({ ...given.store, signingKeys: { list } });
    await expect(find(server, id)).rejects.toThrow(UnverifiableCredentialsError);
  });
});
