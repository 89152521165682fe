import { createHash } from "node:crypto";
import { describe, expect, jest, test } from "@jest/globals";
import { type InterceptedServerCall, Metadata, type MetadataInit, Status, StatusError } from "@rollcall/rpc";
import { createFakeClock } from "@rollcall/testing";
import type { Caller } from "../caller.js";
import { apiKey, type ApiKeyOptions } from "./api-key.js";
import { UnverifiableCredentialsError } from "./credential-source.js";

const sha256 = (key: string) => createHash("sha256").update(key).digest("hex");
const job: Caller = { subject: "job", roles: ["reader"], credential: "apiKey", credentialId: "key-1" };

function start(options: Partial<ApiKeyOptions> = {}) {
  const clock = createFakeClock();
  const keys = new Map([[sha256("secret"), job]]);
  const lookup = jest.fn(async (hash: string) => keys.get(hash));
  const source = apiKey({ lookup, now: clock.now, ...options });
  // All that the source looks at.
  const look = (metadata: MetadataInit) => source({ metadata: Metadata.from(metadata) } as InterceptedServerCall);
  return { look, lookup, keys, clock };
}

describe("apiKey", () => {
  test("finds whose key it is, by its hash alone", async () => {
    const { look, lookup } = start();
    await expect(look({ "x-api-key": "secret" })).resolves.toEqual(job);
    expect(lookup.mock.calls).toEqual([[sha256("secret")]]);
  });

  test("finds nothing without a key", () => {
    const { look } = start();
    expect(look({ authorization: "Bearer secret" })).toBeUndefined();
    expect(look({ "x-api-key-bin": Buffer.from("secret") })).toBeUndefined();
  });

  test("looks where it is told", async () => {
    const { look } = start({ metadataKey: "x-key" });
    await expect(look({ "x-key": "secret" })).resolves.toEqual(job);
    expect(look({ "x-api-key": "secret" })).toBeUndefined();
  });

  test.each([
    ["is unknown", "other"],
    ["came twice", ["secret", "secret"].join(", ")],
    ["has a space", "secret "],
    ["is in upper case", "SECRET"],
  ])("refuses a key that %s", async (_case, key) => {
    await expect(start().look({ "x-api-key": key })).rejects.toThrow("the API key is unknown");
  });

  test.each([
    ["empty", ""],
    ["too long", "a".repeat(1_025)],
  ])("refuses a key that is %s, before anything is done with it", (_case, key) => {
    const { look, lookup } = start();
    expect(() => look({ "x-api-key": key })).toThrow("it takes 1 to 1024");
    expect(lookup).not.toHaveBeenCalled();
  });

  test("refuses a key that has expired, remembered or not", async () => {
    const { look, keys, clock } = start({ cache: { ttlMs: 60_000 } });
    keys.set(sha256("short"), { ...job, expiresAt: new Date(clock.now() + 100) });
    await expect(look({ "x-api-key": "short" })).resolves.toBeDefined();
    await clock.advance(100);
    expect(() => look({ "x-api-key": "short" })).toThrow("the API key has expired");
  });

  test.each([
    ["a key that counts", "secret"],
    ["a key that is unknown", "other"],
  ])("remembers %s for a second, so that revoking it counts from then on", async (_case, key) => {
    const { look, lookup, keys, clock } = start();
    const ask = async () => look({ "x-api-key": key });
    const [first, second] = await Promise.allSettled([ask(), ask()]);
    const [third] = await Promise.allSettled([ask()]);
    expect([second, third]).toEqual([first, first]);
    expect(lookup).toHaveBeenCalledTimes(1);
    keys.clear();
    await clock.advance(1_000);
    await expect(look({ "x-api-key": key })).rejects.toThrow("the API key is unknown");
    expect(lookup).toHaveBeenCalledTimes(2);
  });

  test("knows a key that it remembers at once", async () => {
    const { look } = start();
    await look({ "x-api-key": "secret" });
    expect(look({ "x-api-key": "secret" })).toEqual(job);
  });

  test("lets guesses push out no key that counts", async () => {
    const { look } = start({ cache: { max: 1 } });
    await look({ "x-api-key": "secret" });
    await Promise.allSettled(["a", "b"].map(async (key) => look({ "x-api-key": key })));
    expect(look({ "x-api-key": "secret" })).toEqual(job);
  });

  test("takes a lookup that fails for no fault of the key", async () => {
    const { look, lookup } = start();
    lookup.mockRejectedValueOnce(new Error("the database is down"));
    await expect(look({ "x-api-key": "secret" })).rejects.toThrow(UnverifiableCredentialsError);
    const status = new StatusError(Status.UNAVAILABLE, "the database is down");
    lookup.mockRejectedValueOnce(status);
    await expect(look({ "x-api-key": "secret" })).rejects.toBe(status);
    await expect(look({ "x-api-key": "secret" })).resolves.toEqual(job);
  });

  test.each([{ maxKeyBytes: 0 }, { cache: { ttlMs: Number.NaN } }, { cache: { max: -1 } }])(
    "cannot be made with %p",
    (options) => {
      expect(() => start(options)).toThrow(/ is (0|NaN|-1); it takes a number above 0$/);
    },
  );
});
