import { describe, expect, test } from "@jest/globals";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { createFakeClock } from "@rollcall/testing";
import { RevokedCredentials } from "./revoked-credentials.js";
import type { TokenCaller } from "./token-caller.js";

const keepMs = 600_000;

function start() {
  const clock = createFakeClock();
  return { clock, revoked: new RevokedCredentials({ keepMs, now: clock.now }) };
}

const token = (authVersion = 1): TokenCaller => ({
  subject: "ann",
  roles: ["admin"],
  credential: "token",
  credentialId: "session-1",
  authVersion,
});
const foreignToken: Caller = { subject: "ann", roles: [], credential: "token" };
const key: Caller = { subject: "key-1", roles: [], credential: "apiKey", credentialId: "key-1" };
const certificate: Caller = { subject: "DNS:a.test", roles: [], credential: "certificate", credentialId: "F00D" };
const nobody: Caller = { subject: "", roles: ["admin"], credential: "none" };

describe("RevokedCredentials", () => {
  test("knows of nothing at first", () => {
    const { revoked } = start();
    expect([token(), foreignToken, key, certificate, nobody].filter((caller) => revoked.has(caller))).toEqual([]);
  });

  test("has a user's tokens below the version, and no later ones", () => {
    const { revoked } = start();
    revoked.add({ sequence: 1, kind: "user", id: "ann", belowVersion: 3 });
    expect([1, 2, 3, 4].map((version) => revoked.has(token(version)))).toEqual([true, true, false, false]);
    expect(revoked.has({ ...token(1), subject: "bob" })).toBe(false);
  });

  test("has all tokens of a user who was deleted", () => {
    const { revoked } = start();
    revoked.add({ sequence: 1, kind: "user", id: "ann", belowVersion: Infinity });
    expect(revoked.has(token(1_000_000))).toBe(true);
  });

  test("has the tokens of a session, whatever their version", () => {
    const { revoked } = start();
    revoked.add({ sequence: 1, kind: "session", id: "session-1" });
    expect(revoked.has(token(1_000_000))).toBe(true);
    expect(revoked.has({ ...token(), credentialId: "session-2" })).toBe(false);
  });

  test("has an API key", () => {
    const { revoked } = start();
    revoked.add({ sequence: 1, kind: "apiKey", id: "key-1" });
    expect(revoked.has(key)).toBe(true);
    expect(revoked.has({ ...key, credentialId: "key-2" })).toBe(false);
  });

  test("takes no kind of credentials for another of the same id", () => {
    const { revoked } = start();
    for (const id of ["ann", "session-1", "key-1", "undefined", "DNS:a.test", "F00D", ""]) {
      revoked.add({ sequence: 1, kind: "apiKey", id });
    }
    expect([token(), foreignToken, certificate, nobody].filter((caller) => revoked.has(caller))).toEqual([]);
  });

  test("does not take another issuer's tokens for a user's", () => {
    const { revoked } = start();
    revoked.add({ sequence: 1, kind: "user", id: "ann", belowVersion: Infinity });
    expect(revoked.has(foreignToken)).toBe(false);
  });

  test("forgets what no token is left of, and not a moment earlier", async () => {
    const { revoked, clock } = start();
    revoked.add({ sequence: 1, kind: "user", id: "ann", belowVersion: 2 });
    await clock.advance(keepMs - 1);
    revoked.add({ sequence: 2, kind: "session", id: "session-2" });
    revoked.forgetOld();
    expect(revoked.has(token())).toBe(true);
    await clock.advance(1);
    revoked.forgetOld();
    expect(revoked.has(token())).toBe(false);
    expect(revoked.size).toBe(1);
  });

  test("remembers what was revoked again for as long as the last time asks for", async () => {
    const { revoked, clock } = start();
    revoked.add({ sequence: 1, kind: "user", id: "ann", belowVersion: 2 });
    revoked.add({ sequence: 2, kind: "user", id: "bob", belowVersion: 2 });
    await clock.advance(keepMs / 2);
    revoked.add({ sequence: 3, kind: "user", id: "ann", belowVersion: 3 });
    await clock.advance(keepMs / 2);
    revoked.forgetOld();
    expect(revoked.has(token(2))).toBe(true);
    expect(revoked.size).toBe(1);
  });

  test("grows with those whose credentials were revoked, not with how often", async () => {
    const { revoked, clock } = start();
    for (let round = 1; round <= 1_000; round++) {
      revoked.add({ sequence: round, kind: "user", id: "ann", belowVersion: round });
    }
    expect(revoked.size).toBe(1);
    await clock.advance(keepMs);
    revoked.forgetOld();
    expect(revoked.size).toBe(0);
  });
});
