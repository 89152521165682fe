import { createHmac } from "node:crypto";
import { describe, expect, jest, test } from "@jest/globals";
import { createFakeClock } from "@rollcall/testing";
import { exportSPKI } from "jose";
import type { Caller } from "../caller.js";
import { UnverifiableCredentialsError } from "./credential-source.js";
import { createKeySet, type KeySet } from "./key-set.js";
import { audience, claimsOf, createTokenIssuer, issuedAtMs, issuer, part } from "./token-issuer.fixture.js";
import { createTokenVerifier, type TokenVerifierOptions } from "./token-verifier.js";

const honest = await createTokenIssuer();
const stranger = await createTokenIssuer();
const keys = createKeySet({ keys: [honest.jwk] });

const ann: Caller = {
  subject: "ann",
  roles: ["reader"],
  credential: "token",
  credentialId: "session-1",
  expiresAt: new Date(issuedAtMs + 600_000),
};

/** A verifier, how often it looked for a key, and the clock that it goes by. */
function start(options: Partial<TokenVerifierOptions> = {}) {
  const clock = createFakeClock(issuedAtMs);
  const find = jest.fn<KeySet["find"]>((...token) => keys.find(...token));
  const counted: KeySet = {
    get version() {
      return keys.version;
    },
    find,
  };
  const verifier = createTokenVerifier({ keys: counted, issuer, audience, now: clock.now, ...options });
  return { verifier, find, clock };
}

const verify = async (token: string, options?: Partial<TokenVerifierOptions>) => start(options).verifier.verify(token);

describe("createTokenVerifier", () => {
  test("tells whom a token stands for", async () => {
    await expect(verify(await honest.sign())).resolves.toEqual(ann);
  });

  test.each(["ES256", "ES384", "RS256", "PS256", "EdDSA"])("takes tokens signed with %s", async (algorithm) => {
    const other = await createTokenIssuer("key-1", algorithm);
    const options = { keys: createKeySet({ keys: [other.jwk] }), algorithms: [algorithm] };
    await expect(verify(await other.sign(), options)).resolves.toEqual(ann);
  });

  test.each([
    ["is for several, this server among them", { aud: ["other", audience] }, {}],
    ["has no key id, where one key fits", {}, { kid: undefined }],
    ["names keys of its own, which are not looked at", {}, { jku: "http://127.0.0.1:1/keys", jwk: stranger.jwk }],
    ["was issued 4 s from now", { iat: issuedAtMs / 1_000 + 4 }, {}],
    ["expired 4 s ago", { exp: issuedAtMs / 1_000 - 4 }, {}],
    ["counts in 4 s", { nbf: issuedAtMs / 1_000 + 4 }, {}],
  ])("takes a token that %s", async (_case, claims, header) => {
    await expect(verify(await honest.sign(claims, header))).resolves.toMatchObject({ subject: "ann" });
  });

  const nowSeconds = issuedAtMs / 1_000;
  const twoHours = 7_200;
  test.each([
    ["of another issuer", { iss: "https://other.example" }],
    ["of no issuer", { iss: undefined }],
    ["for somebody else", { aud: "other" }],
    ["for nobody", { aud: undefined }],
    ["that never expires", { exp: undefined }],
    ["that expires at no time", { exp: "never" }],
    ["that expires beyond all clocks", { exp: 1e300 }],
    ["that expired", { exp: nowSeconds - 6 }],
    ["that was issued at no time", { iat: undefined }],
    ["that is issued in future", { iat: nowSeconds + 6 }],
    ["that does not count yet", { nbf: nowSeconds + 6 }],
    ["of a clock two hours behind", { iat: nowSeconds - twoHours, exp: nowSeconds - twoHours + 600 }],
    ["of a clock two hours ahead", { iat: nowSeconds + twoHours, exp: nowSeconds + twoHours + 600 }],
    ["of the day before yesterday", { iat: nowSeconds - 172_800, exp: nowSeconds + 600 }],
    ["about nobody", { sub: undefined }],
    ["about an empty name", { sub: "" }],
    ["about a number", { sub: 1 }],
    ["with roles that are one text", { roles: "admin" }],
    ["with roles that are numbers", { roles: [1] }],
  ])("refuses a token %s", async (_case, claims) => {
    await expect(verify(await honest.sign(claims))).rejects.toThrow();
  });

  test.each([
    ["it has an unknown key", { kid: "key-2" }],
    ["its key is a file", { kid: "../../../../dev/null" }],
    ["its key is a query", { kid: "key-1' OR '1'='1" }],
    ["it must be understood in a way that nobody does", { crit: ["example"], example: 1 }],
    ["it is another type of token", { typ: "id+jwt" }],
    ["it is no type of token", { typ: undefined }],
  ])("refuses a token whose header says that %s", async (_case, header) => {
    await expect(verify(await honest.sign({}, header), { tokenType: "at+jwt" })).rejects.toThrow();
  });

  test("refuses a token of an algorithm that is not asked for, though its key is known", async () => {
    await expect(verify(await honest.sign(), { algorithms: ["EdDSA"] })).rejects.toThrow('"alg"');
  });

  test("takes a token of the type that is asked for", async () => {
    await expect(verify(await honest.sign(), { tokenType: "at+jwt" })).resolves.toEqual(ann);
  });

  test("refuses a token without a claim that is asked for", async () => {
    const options = { requiredClaims: ["tenant"] };
    await expect(verify(await honest.sign(), options)).rejects.toThrow("tenant");
    await expect(verify(await honest.sign({ tenant: "a" }), options)).resolves.toEqual(ann);
  });

  const sharedSecrets: readonly (readonly [string, () => Promise<string>])[] = [
    ["the PEM of the public key", () => exportSPKI(honest.publicKey)],
    ["the JWK of the public key", () => Promise.resolve(JSON.stringify(honest.jwk))],
    ["nothing", () => Promise.resolve("")],
  ];
  test.each(sharedSecrets)("refuses a token whose secret is %s", async (_case, secret) => {
    const content = `${part({ alg: "HS256", kid: "key-1", typ: "at+jwt" })}.${part(claimsOf())}`;
    const signature = createHmac("sha256", await secret())
      .update(content)
      .digest("base64url");
    await expect(verify(`${content}.${signature}`)).rejects.toThrow('"alg"');
  });

  const forgeries: readonly (readonly [string, (token: string) => string])[] = [
    ["without algorithm", () => `${part({ alg: "none" })}.${part(claimsOf())}.`],
    [
      "without algorithm but with a signature",
      (token) => `${part({ alg: "none" })}.${part(claimsOf())}.${partOf(token, 2)}`,
    ],
    ["without signature", (token) => `${partOf(token, 0)}.${partOf(token, 1)}.`],
    ["that lost its signature", (token) => `${partOf(token, 0)}.${partOf(token, 1)}`],
    ["with other claims", (token) => `${partOf(token, 0)}.${part(claimsOf({ sub: "bob" }))}.${partOf(token, 2)}`],
    [
      "with another header",
      (token) => `${part({ alg: "ES256", kid: "key-1" })}.${partOf(token, 1)}.${partOf(token, 2)}`,
    ],
    ["of five parts", (token) => `${token}.a.b`],
    ["with a space", (token) => `${token} `],
    ["with a line break", (token) => `${token}\n`],
    ["that is twice", (token) => `${token}, ${token}`],
    ["that is none", () => "a"],
    ["that is empty", () => ""],
    ["with claims that are no object", (token) => `${partOf(token, 0)}.${part("[]")}.${partOf(token, 2)}`],
    ["that is 100 kB long", (token) => `${token}.${"a".repeat(100_000)}`],
  ];
  test.each(forgeries)("refuses a token %s", async (_case, forge) => {
    await expect(verify(forge(await honest.sign()))).rejects.toThrow();
  });

  test("refuses a token that another key signed, also when it brings that key", async () => {
    const token = await stranger.sign({}, { jwk: stranger.jwk, jku: "http://127.0.0.1:1/keys" });
    await expect(verify(token)).rejects.toThrow("signature");
  });

  test("looks at no token that is too long", async () => {
    const { verifier, find } = start({ maxTokenBytes: 100 });
    await expect(verifier.verify(await honest.sign())).rejects.toThrow("at most 100 are allowed");
    expect(find).not.toHaveBeenCalled();
  });

  test("lets somebody else say whom a token stands for", async () => {
    const toCaller: TokenVerifierOptions["toCaller"] = ({ sub }) => ({ ...ann, subject: `other:${sub}`, roles: [] });
    await expect(verify(await honest.sign(), { toCaller })).resolves.toEqual({
      ...ann,
      subject: "other:ann",
      roles: [],
    });
  });

  test.each([
    ["an algorithm with a shared secret", { algorithms: ["ES256", "HS256"] }, 'algorithm "HS256" is not asymmetric'],
    ["no algorithm", { algorithms: ["none"] }, 'algorithm "none" is not asymmetric'],
    ["no algorithms", { algorithms: [] }, "algorithms is empty"],
    ["no issuer", { issuer: "" }, "needs an issuer and an audience"],
    ["no audience", { audience: [] }, "needs an issuer and an audience"],
    ["no tolerance", { clockToleranceMs: 0 }, "clockToleranceMs is 0; it takes a number above 0"],
    ["a cache of no size", { cache: { max: 0 } }, "cache.max is 0; it takes a number above 0"],
    ["tokens of no length", { maxTokenBytes: Number.NaN }, "maxTokenBytes is NaN; it takes a number above 0"],
  ])("cannot be made with %s", (_case, options, message) => {
    expect(() => start(options)).toThrow(TypeError);
    expect(() => start(options)).toThrow(message);
  });
});

describe("a token verifier's memory", () => {
  test("knows at once a token that it verified", async () => {
    const { verifier, find } = start();
    const token = await honest.sign();
    await verifier.verify(token);
    expect(verifier.verify(token)).toEqual(ann);
    expect(find).toHaveBeenCalledTimes(1);
  });

  test("verifies a token once for all that ask at the same time", async () => {
    const { verifier, find } = start();
    const token = await honest.sign();
    await Promise.all([verifier.verify(token), verifier.verify(token), verifier.verify(token)]);
    expect(find).toHaveBeenCalledTimes(1);
  });

  test("does not outlast its time", async () => {
    const { verifier, find, clock } = start({ cache: { ttlMs: 1_000 } });
    const token = await honest.sign();
    await verifier.verify(token);
    await clock.advance(999);
    await verifier.verify(token);
    expect(find).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await verifier.verify(token);
    expect(find).toHaveBeenCalledTimes(2);
  });

  test("does not outlast the token", async () => {
    const { verifier, clock } = start({ cache: { ttlMs: 3_600_000 } });
    const token = await honest.sign();
    await verifier.verify(token);
    await clock.advance(604_999);
    expect(verifier.verify(token)).toEqual(ann);
    await clock.advance(1);
    await expect(verifier.verify(token)).rejects.toThrow("exp");
  });

  test("does not outlast a revocation", async () => {
    const revoked = new Set<string | undefined>();
    const { verifier } = start({ isRevoked: ({ credentialId }) => revoked.has(credentialId) });
    const token = await honest.sign();
    await verifier.verify(token);
    revoked.add("session-1");
    expect(() => verifier.verify(token)).toThrow("the token was revoked");
    revoked.clear();
    expect(verifier.verify(token)).toEqual(ann);
  });

  test("does not take a token that was revoked before it came", async () => {
    const isRevoked: TokenVerifierOptions["isRevoked"] = (_caller, { iat }) => iat === issuedAtMs / 1_000;
    await expect(verify(await honest.sign(), { isRevoked })).rejects.toThrow("the token was revoked");
  });

  test("does not outlast the key", async () => {
    const rotating = createKeySet({ keys: [honest.jwk] });
    const { verifier } = start({ keys: rotating });
    const token = await honest.sign();
    await verifier.verify(token);
    rotating.replace({ keys: [stranger.jwk] });
    await expect(verifier.verify(token)).rejects.toThrow("signature");
    rotating.replace({ keys: [honest.jwk] });
    await expect(verifier.verify(token)).resolves.toEqual(ann);
  });

  test("forgets the tokens of some, or all", async () => {
    const { verifier, find } = start();
    const [first, second] = [await honest.sign(), await honest.sign({ sub: "bob" })];
    await Promise.all([verifier.verify(first), verifier.verify(second)]);
    verifier.forget(({ subject }) => subject === "bob");
    expect([verifier.recall(first)?.subject, verifier.recall(second)?.subject]).toEqual(["ann", undefined]);
    verifier.clear();
    expect(verifier.recall(first)).toBeUndefined();
    await verifier.verify(first);
    expect(find).toHaveBeenCalledTimes(3);
  });

  test("holds no more tokens than it is allowed", async () => {
    const { verifier } = start({ cache: { max: 2 } });
    const tokens = await Promise.all(["a", "b", "c"].map((sub) => honest.sign({ sub })));
    for (const token of tokens) {
      await verifier.verify(token);
    }
    expect(tokens.map((token) => verifier.recall(token)?.subject)).toEqual([undefined, "b", "c"]);
  });

  test("knows for a second a token that does not count", async () => {
    const { verifier, find, clock } = start();
    const token = await stranger.sign();
    await expect(verifier.verify(token)).rejects.toThrow("signature");
    await expect(verifier.verify(token)).rejects.toThrow("signature");
    expect(find).toHaveBeenCalledTimes(1);
    await clock.advance(1_000);
    await expect(verifier.verify(token)).rejects.toThrow("signature");
    expect(find).toHaveBeenCalledTimes(2);
  });

  test("takes keys that cannot be had for no fault of the token", async () => {
    const { verifier, find } = start();
    const token = await honest.sign();
    find.mockRejectedValueOnce(new UnverifiableCredentialsError("the host is down"));
    await expect(verifier.verify(token)).rejects.toThrow(UnverifiableCredentialsError);
    await expect(verifier.verify(token)).resolves.toEqual(ann);
  });
});

function partOf(token: string, index: number): string {
  return token.split(".")[index] ?? "";
}
