import { describe, expect, test } from "@jest/globals";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { createFakeClock } from "@rollcall/testing";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { givenStore } from "../storage/test-store.fixture.js";
import type { User } from "../storage/user.js";
import { type AccessTokensOptions, createAccessTokens } from "./access-tokens.js";
import { createSigningKeys } from "./signing-keys.js";

const startMs = Date.UTC(2030, 0, 1) + 600;
const clock = createFakeClock(startMs);
const lifetimeMs = 600_000;

const ada: User = {
  id: "018f0000-0000-7000-8000-000000000001",
  name: "Ada",
  email: "ada@example.com",
  status: 1,
  roles: ["reader", "editor"],
  metadata: {},
  phone: undefined,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  version: 9,
  authVersion: 7,
};

describe("access tokens", () => {
  const given = givenStore("SQLite", { now: clock.now });
  const revoked: Caller[] = [];

  const create = (options: Partial<AccessTokensOptions> = {}) =>
    createAccessTokens({
      keys: createSigningKeys(given.store, { tokenLifetimeMs: lifetimeMs, now: clock.now }),
      issuer: "https://users.example.test",
      audience: "apps",
      lifetimeMs,
      isRevoked: ({ subject }) => revoked.some((caller) => caller.subject === subject),
      now: clock.now,
      ...options,
    });
  const sign = async (tokens = create()) => (await tokens.signer())(ada, "session-1");

  test("say who, what for, until when, and nothing else", async () => {
    const { token, expiresAt } = await sign();
    const [key] = await given.store.signingKeys.list();
    expect(decodeProtectedHeader(token)).toEqual({ alg: "ES256", typ: "at+jwt", kid: key?.id });
    const iat = Math.floor(clock.now() / 1_000);
    expect(decodeJwt(token)).toEqual({
      sub: ada.id,
      roles: ["reader", "editor"],
      sid: "session-1",
      ver: 7,
      iss: "https://users.example.test",
      aud: "apps",
      iat,
      exp: iat + 600,
    });
    expect(expiresAt).toEqual(new Date((iat + 600) * 1_000));
  });

  test("are verified by whoever has the JWKS", async () => {
    const keys = createSigningKeys(given.store, { tokenLifetimeMs: lifetimeMs, now: clock.now });
    const { token } = await sign(create({ keys }));
    const jwks = createLocalJWKSet(await keys.jwks());
    const options = { issuer: "https://users.example.test", audience: "apps", currentDate: new Date(clock.now()) };
    await expect(jwtVerify(token, jwks, options)).resolves.toMatchObject({ payload: { sub: ada.id } });
  });

  test("stand for their user, with the session and the version that revoking goes by", async () => {
    const tokens = create();
    const { token, expiresAt } = await sign(tokens);
    await expect(create().verifier.verify(token)).resolves.toEqual({
      subject: ada.id,
      roles: ["reader", "editor"],
      credential: "token",
      credentialId: "session-1",
      authVersion: 7,
      expiresAt,
    });
  });

  test.each([
    ["of another issuer", { issuer: "https://elsewhere.example.test" }],
    ["for another audience", { audience: "others" }],
  ])("%s do not count", async (_case, options) => {
    const { token } = await sign(create(options));
    await expect(create().verifier.verify(token)).rejects.toThrow();
  });

  test("that were changed do not count", async () => {
    const [header = "", , signature = ""] = (await sign()).token.split(".");
    const payload = Buffer.from(JSON.stringify({ ...decodeJwt((await sign()).token), roles: ["admin"] }));
    const forged = [header, payload.toString("base64url"), signature].join(".");
    await expect(create().verifier.verify(forged)).rejects.toThrow();
  });

  test("count until they have run out, remembered or not", async () => {
    const tokens = create();
    const { token } = await sign(tokens);
    await clock.advance(lifetimeMs);
    await expect(tokens.verifier.verify(token)).resolves.toBeDefined(); // clocks may be off by five seconds
    await clock.advance(5_000);
    expect(() => tokens.verifier.recall(token)).not.toThrow();
    expect(tokens.verifier.recall(token)).toBeUndefined();
    await expect(async () => tokens.verifier.verify(token)).rejects.toThrow();
  });

  test("count through the rotation of keys, on every server", async () => {
    const [one, other] = [create(), create()];
    await sign(other);
    await clock.advance(30 * 86_400_000 - 60_000);
    const { token: before } = await sign(one);
    await clock.advance(60_000);
    await sign(one); // makes the next key
    await clock.advance(lifetimeMs - 65_000);
    await expect(other.verifier.verify(before)).resolves.toMatchObject({ subject: ada.id });
    await clock.advance(65_000);
    const { token: after } = await sign(one);
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    await expect(other.verifier.verify(after)).resolves.toMatchObject({ subject: ada.id });
  });

  test("that were revoked do not count, also where they did a moment ago", async () => {
    const tokens = create();
    const { token } = await sign(tokens);
    const caller = await tokens.verifier.verify(token);
    revoked.push(caller);
    expect(() => tokens.verifier.verify(token)).toThrow("revoked");
    revoked.pop();
    expect(tokens.verifier.verify(token)).toEqual(caller);
  });
});
