import { describe, expect, test } from "@jest/globals";
import { createFakeClock, type FakeClock } from "@rollcall/testing";
import { until } from "../../until.fixture.js";
import { UnverifiableCredentialsError } from "./credential-source.js";
import { type KeyServer, startKeyServer, withKeys, withStatus, withText } from "./key-server.fixture.js";
import type { KeySet } from "./key-set.js";
import { remoteKeySet, type RemoteKeySetOptions } from "./remote-key-set.js";
import { createTokenIssuer } from "./token-issuer.fixture.js";

const first = await createTokenIssuer("first");
const second = await createTokenIssuer("second");
const header = (kid: string) => ({ alg: "ES256", kid });
const minuteMs = 60_000;

async function start(answer: KeyServer["answer"], options: Partial<RemoteKeySetOptions> = {}) {
  const server = await startKeyServer(answer);
  const clock = createFakeClock();
  return { server, clock, keys: remoteKeySet({ url: server.url, now: clock.now, ...options }) };
}

/** Finds a key, however often the host has to be asked: on a busy machine an honest answer may be late as well. */
async function findInTime(keys: KeySet, clock: FakeClock, kid: string): Promise<unknown> {
  for (;;) {
    try {
      return await keys.find(header(kid));
    } catch (error) {
      expect(error).toBeInstanceOf(UnverifiableCredentialsError);
      await clock.advance(1_000);
    }
  }
}

describe("remoteKeySet", () => {
  test("fetches the keys once, when the first token comes", async () => {
    const { server, keys } = await start(withKeys(first.jwk, second.jwk));
    await using _stop = server;
    expect(server.requests).toBe(0);
    const found = await Promise.all([
      keys.find(header("first")),
      keys.find(header("second")),
      keys.find(header("first")),
    ]);
    expect(found.map(({ type }) => type)).toEqual(["public", "public", "public"]);
    expect(server.requests).toBe(1);
  });

  test("fetches keys again for one that is unknown, and finds it", async () => {
    const { server, keys, clock } = await start(withKeys(first.jwk));
    await using _stop = server;
    await keys.find(header("first"));
    const { version } = keys;
    server.answer = withKeys(first.jwk, second.jwk);
    await clock.advance(30_000);
    await expect(keys.find(header("second"))).resolves.toBeDefined();
    expect(keys.version).not.toBe(version);
  });

  test("does not let unknown keys cause more than one fetch in the time of the cooldown", async () => {
    const { server, keys, clock } = await start(withKeys(first.jwk), { cooldownMs: 5_000 });
    await using _stop = server;
    await keys.find(header("first"));
    await clock.advance(4_999);
    await expect(keys.find(header("made up"))).rejects.toThrow("no applicable key");
    expect(server.requests).toBe(1);
    await clock.advance(1);
    await Promise.allSettled([keys.find(header("made up")), keys.find(header("made up too"))]);
    await expect(keys.find(header("and again"))).rejects.toThrow("no applicable key");
    expect(server.requests).toBe(2);
  });

  test("replaces keys that have grown old, behind the back of the calls", async () => {
    const { server, keys, clock } = await start(withKeys(first.jwk));
    await using _stop = server;
    await keys.find(header("first"));
    server.answer = withKeys(second.jwk);
    await clock.advance(10 * minuteMs + 1);
    await expect(keys.find(header("first"))).resolves.toBeDefined();
    await until(() => keys.version === 2);
    await expect(keys.find(header("first"))).rejects.toThrow("no applicable key");
    expect(server.requests).toBe(2);
  });

  test("waits for new keys where nobody has asked for long", async () => {
    const { server, keys, clock } = await start(withKeys(first.jwk));
    await using _stop = server;
    await keys.find(header("first"));
    server.answer = withKeys(second.jwk);
    await clock.advance(20 * minuteMs + 1);
    await expect(keys.find(header("first"))).rejects.toThrow("no applicable key");
  });

  test("says that nothing changed when the same keys come again", async () => {
    const { server, keys, clock } = await start(withKeys(first.jwk));
    await using _stop = server;
    await keys.find(header("first"));
    const { version } = keys;
    await clock.advance(20 * minuteMs + 1);
    await keys.find(header("first"));
    expect([server.requests, keys.version]).toEqual([2, version]);
  });

  const failures: readonly (readonly [string, KeyServer["answer"], Partial<RemoteKeySetOptions>])[] = [
    ["breaks off", (response) => response.destroy(), {}],
    ["answers nothing", () => undefined, { timeoutMs: 200 }],
    ["does not end its answer", (response) => response.write('{"keys":['), { timeoutMs: 200 }],
    ["fails", withStatus(500), {}],
    ["leads elsewhere", withStatus(302, { location: "/keys" }), {}],
    ["answers garbage", withText("<html>"), {}],
    [
      "answers bytes that are no text",
      (response) => response.end(Buffer.from('{"keys":[],"name":"\xff"}', "latin1")),
      {},
    ],
    ["answers no object", withText("null"), {}],
    ["answers a list", withText("[]"), {}],
    ["answers no keys", withText("{}"), {}],
    ["answers keys that are none", withText('{"keys":[1]}'), {}],
    ["answers too many keys", withKeys(...Array.from({ length: 101 }, () => second.jwk)), {}],
    ["answers too much", withText(`{"keys":[],"padding":"${"a".repeat(256 * 1024)}"}`), {}],
  ];

  test.each(failures)("goes on with the keys that it has while the host %s", async (_case, answer, options) => {
    const { server, keys, clock } = await start(withKeys(first.jwk), options);
    await using _stop = server;
    await findInTime(keys, clock, "first");
    const { requests } = server;
    server.answer = answer;
    await clock.advance(60 * minuteMs);
    await expect(keys.find(header("first"))).resolves.toBeDefined();
    expect(server.requests).toBe(requests + 1);
    await expect(keys.find(header("unknown"))).rejects.toThrow(UnverifiableCredentialsError);
  });

  test.each(failures)("cannot verify anything when the host %s from the beginning", async (_case, answer, options) => {
    const { server, keys, clock } = await start(answer, options);
    await using _stop = server;
    await expect(keys.find(header("first"))).rejects.toThrow(UnverifiableCredentialsError);
    await expect(keys.find(header("first"))).rejects.toThrow(UnverifiableCredentialsError);
    expect(server.requests).toBe(1);
    server.answer = withKeys(first.jwk);
    await clock.advance(1_000);
    await expect(findInTime(keys, clock, "first")).resolves.toBeDefined();
    await expect(keys.find(header("unknown"))).rejects.toThrow("no applicable key");
  });

  test("no longer goes by keys that are too old", async () => {
    const { server, keys, clock } = await start(withKeys(first.jwk), { maxStaleMs: 60 * minuteMs });
    await using _stop = server;
    await keys.find(header("first"));
    server.answer = withStatus(503);
    await clock.advance(60 * minuteMs + 1);
    await expect(keys.find(header("first"))).rejects.toThrow("the keys cannot be fetched");
  });

  test("takes no key that is not public", async () => {
    const secret = { kty: "oct", kid: "secret", k: "c2VjcmV0" };
    const { server, keys } = await start(withKeys(secret, { ...second.jwk, d: "AA" }, first.jwk));
    await using _stop = server;
    await expect(keys.find(header("first"))).resolves.toBeDefined();
    await expect(keys.find(header("second"))).rejects.toThrow("no applicable key");
    await expect(keys.find({ alg: "HS256", kid: "secret" })).rejects.toThrow("alg");
  });

  test("fetches as it is told", async () => {
    const asked: unknown[] = [];
    const fetchKeys: typeof fetch = (url) => {
      asked.push(url);
      return Promise.resolve(Response.json({ keys: [first.jwk] }));
    };
    const keys = remoteKeySet({ url: "https://id.example/keys", fetch: fetchKeys });
    await expect(keys.find(header("first"))).resolves.toBeDefined();
    expect(asked.map(String)).toEqual(["https://id.example/keys"]);
  });

  test.each(["https://id.example/keys", "http://localhost:1/keys", "http://127.0.0.1/keys", "http://[::1]:1/keys"])(
    "takes %s",
    (url) => {
      expect(() => remoteKeySet({ url })).not.toThrow();
    },
  );

  test.each([
    ["http from another machine", { url: "http://id.example/keys" }, "keys come over https; http://id.example is not"],
    ["a file", { url: "file:///keys", insecure: true }, "keys come over https; file:// is not"],
    ["a password", { url: "https://a:secret@id.example" }, "the address of keys holds a user or a password"],
    ["no time", { url: "https://id.example", timeoutMs: 0 }, "timeoutMs is 0; it takes a number above 0"],
    [
      "less time than they are kept",
      { url: "https://id.example", maxStaleMs: 1 },
      "maxStaleMs is 1; it takes at least",
    ],
  ])("cannot be made of %s", (_case, options, message) => {
    expect(() => remoteKeySet(options)).toThrow(TypeError);
    expect(() => remoteKeySet(options)).toThrow(message);
  });

  test("takes http from another machine when it is told that this is meant", () => {
    expect(() => remoteKeySet({ url: "http://id.example/keys", insecure: true })).not.toThrow();
  });
});
