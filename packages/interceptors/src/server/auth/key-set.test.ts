import { describe, expect, test } from "@jest/globals";
import { createKeySet } from "./key-set.js";
import { createTokenIssuer } from "./token-issuer.fixture.js";

const first = await createTokenIssuer("first");
const second = await createTokenIssuer("second");

describe("createKeySet", () => {
  test("finds a key by its id", async () => {
    const keys = createKeySet({ keys: [first.jwk, second.jwk] });
    await expect(keys.find({ alg: "ES256", kid: "second" })).resolves.toMatchObject({ type: "public" });
  });

  test.each([
    ["another id", { alg: "ES256", kid: "third" }],
    ["another algorithm", { alg: "RS256", kid: "first" }],
    ["an algorithm with a shared secret", { alg: "HS256", kid: "first" }],
    ["no id, where two keys fit", { alg: "ES256" }],
  ])("finds none by %s", async (_case, header) => {
    await expect(createKeySet({ keys: [first.jwk, second.jwk] }).find(header)).rejects.toThrow();
  });

  test("takes others in place of its keys, and says so", async () => {
    const keys = createKeySet({ keys: [first.jwk] });
    const { version } = keys;
    keys.replace({ keys: [second.jwk] });
    expect(keys.version).not.toBe(version);
    await expect(keys.find({ alg: "ES256", kid: "first" })).rejects.toThrow("no applicable key");
    await expect(keys.find({ alg: "ES256", kid: "second" })).resolves.toBeDefined();
  });

  test.each([
    ["a private key", { ...first.jwk, d: "AA" }],
    ["a shared secret", { kty: "oct", k: "AA" }],
    ["a shared secret that is left out", { kty: "oct" }],
  ])("refuses %s", (_case, key) => {
    const message = "key 1 is not a public key; whoever verifies tokens must not be able to make them";
    expect(() => createKeySet({ keys: [first.jwk, key] })).toThrow(new TypeError(message));
    expect(() => {
      createKeySet({ keys: [] }).replace({ keys: [first.jwk, key] });
    }).toThrow(message);
  });
});
