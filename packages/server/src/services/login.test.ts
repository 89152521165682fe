import { randomBytes, scryptSync } from "node:crypto";
import { hash as argon2 } from "@node-rs/argon2";
import { hash as bcrypt } from "@node-rs/bcrypt";
import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { Status } from "@rollcall/rpc";
import { decodeJwt } from "jose";
import { databaseNames } from "../storage/test-store.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { goodPassword, invalidCredentials, makePerson, signIn } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";
import { errorOf } from "./status.fixture.js";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe.each(databaseNames)("Login on %s", (name) => {
  const given = givenAuthService(name);
  const attempt = (email: string, password: string, from?: string) =>
    given.auth.login({ email, password }, as({ from }));

  test("answers the user, and tokens to make calls with", async () => {
    const { id, email } = await makePerson(given, { roles: ["reader"] });
    const { user, tokens } = await attempt(email.toUpperCase(), goodPassword);
    expect(user).toMatchObject({ id, email, roles: ["reader"] });
    expect(decodeJwt(tokens?.accessToken ?? "")).toMatchObject({
      sub: id,
      roles: ["reader"],
      iss: "rollcall",
      aud: "rollcall",
    });
    expect(tokens?.refreshToken).toMatch(/^rcr_[\w-]{43}$/);
    await expect(given.users.getUser({ id }, as({ token: tokens?.accessToken }))).resolves.toMatchObject({
      user: { id },
    });
    const remainingMs = (date: Date | undefined) => (date?.getTime() ?? 0) - Date.now();
    expect(Math.abs(remainingMs(tokens?.accessTokenExpiresAt) - 10 * minuteMs)).toBeLessThan(minuteMs);
    expect(Math.abs(remainingMs(tokens?.refreshTokenExpiresAt) - 30 * dayMs)).toBeLessThan(minuteMs);
  });

  test("begins another session every time", async () => {
    const person = await makePerson(given);
    const [one, other] = [await signIn(given, person), await signIn(given, person)];
    expect(one.refreshToken).not.toBe(other.refreshToken);
    expect(decodeJwt(one.token)["sid"]).not.toBe(decodeJwt(other.token)["sid"]);
  });

  test("stores no token as it is", async () => {
    const { refreshToken } = await signIn(given, await makePerson(given));
    const rotation = await given.store.write((unit) =>
      unit.sessions.rotate(refreshToken, { digest: "next", expiresAt: new Date() }),
    );
    expect(rotation).toEqual({ kind: "unknown" });
  });

  test("ends the same way whatever is wrong", async () => {
    const { email } = await makePerson(given);
    const { email: banned } = await makePerson(given, { status: UserStatus.USER_STATUS_BANNED });
    const { email: inactive } = await makePerson(given, { status: UserStatus.USER_STATUS_INACTIVE });
    const { email: unusable } = await makePerson(given, { passwordHash: "$unknown$" });
    await given.store.write((unit) => unit.users.insert({ name: "Ada", email: "without@example.com", status: 1 }));
    const errors = await Promise.all(
      [
        attempt(email, "another password"),
        attempt(email, `${goodPassword} `),
        attempt(email, goodPassword.toUpperCase()),
        attempt("nobody@example.com", goodPassword),
        attempt("not an e-mail", goodPassword),
        attempt(`${email}.`, goodPassword),
        attempt(` ${email}`, goodPassword),
        attempt("grüße@example.com", goodPassword),
        attempt(banned, goodPassword),
        attempt(inactive, goodPassword),
        attempt(unusable, goodPassword),
        attempt("without@example.com", goodPassword),
      ].map(errorOf),
    );
    for (const error of errors) {
      expect(error).toMatchObject(invalidCredentials);
      expect({ ...error.errorDetails, requestInfo: undefined }).toEqual({
        ...errors[0]?.errorDetails,
        requestInfo: undefined,
      });
    }
  });

  test.each([
    ["argon2id of other parameters", () => argon2(goodPassword, { memoryCost: 128, timeCost: 2, parallelism: 1 })],
    ["bcrypt", () => bcrypt(goodPassword, { cost: 4 })],
    ["scrypt", async () => scryptHash(goodPassword)],
  ])("renews a hash by %s, and ends no session by that", async (_kind, hash) => {
    const passwordHash = await hash();
    const person = await makePerson(given, { passwordHash });
    await attempt(person.email, "another password").catch(() => undefined);
    await expect(given.store.users.findCredentials(person.email)).resolves.toMatchObject({ passwordHash });
    const { token } = await signIn(given, person);
    const renewed = await given.store.users.findCredentials(person.email);
    expect(renewed?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
    await signIn(given, person);
    await expect(given.store.users.findCredentials(person.email)).resolves.toEqual(renewed);
    await expect(given.users.getUser({ id: person.id }, as({ token }))).resolves.toBeDefined();
  });

  test("slows whoever guesses, and keeps the owner at another address in", async () => {
    const { email } = await makePerson(given);
    const guesses = await Promise.all(
      Array.from({ length: 20 }, () => errorOf(attempt(email, "another password", "192.0.2.66"))),
    );
    expect(guesses.filter(({ reason }) => reason === "INVALID_CREDENTIALS")).toHaveLength(6);
    const refused = guesses.filter(({ reason }) => reason === "RATE_LIMITED");
    expect(refused).toHaveLength(14);
    expect(refused[0]).toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      errorDetails: { retryInfo: { retryDelay: { seconds: expect.any(BigInt) } } },
    });
    await expect(attempt(email, goodPassword, "192.0.2.66")).rejects.toMatchObject({ reason: "RATE_LIMITED" });
    await expect(attempt(email, goodPassword, "192.0.2.1")).resolves.toBeDefined();
    given.advance(1_000);
    await expect(attempt(email, goodPassword, "192.0.2.66")).resolves.toBeDefined();
  });

  test("tells nobody by slowing down whether there is such a user", async () => {
    const { email } = await makePerson(given);
    const { email: banned } = await makePerson(given, { status: UserStatus.USER_STATUS_BANNED });
    const told = async (account: string, password: string, from: string) => {
      const reasons: string[] = [];
      for (let guess = 0; guess < 8; guess += 1) {
        const spelling = guess % 2 === 0 ? account : account.toUpperCase();
        reasons.push((await errorOf(attempt(spelling, password, from))).reason ?? "");
      }
      return reasons;
    };
    const expected = [...Array<string>(6).fill("INVALID_CREDENTIALS"), "RATE_LIMITED", "RATE_LIMITED"];
    expect(await told(email, "another password", "192.0.2.76")).toEqual(expected);
    expect(await told(banned, goodPassword, "192.0.2.77")).toEqual(expected);
    expect(await told("nobody.at.all@example.com", goodPassword, "192.0.2.78")).toEqual(expected);
  });

  test("writes who signed in, and whom somebody failed to sign in as, to the audit log", async () => {
    const { id, email } = await makePerson(given);
    await errorOf(attempt(email, "another password", "192.0.2.9"));
    await errorOf(attempt("my password by mistake", "whatever it is", "192.0.2.9"));
    await attempt(email, goodPassword, "192.0.2.9");
    const method = "/user.v1.AuthService/Login";
    const about = await given.store.audit.page({ subject: id, limit: 10 });
    const failure = { status: "UNAUTHENTICATED", reason: "INVALID_CREDENTIALS", actor: "", credential: "none" };
    expect(about).toMatchObject([
      { method, actor: id, status: "OK", reason: "", peer: "192.0.2.9" },
      { method, ...failure, peer: "192.0.2.9" },
    ]);
    const [, unknown] = await given.store.audit.page({ method, limit: 2 });
    expect(unknown).toMatchObject({ ...failure, subject: "", detail: "" });
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});

function scryptHash(password: string): string {
  const salt = randomBytes(16);
  const text = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$scrypt$ln=4,r=8,p=1$${text(salt)}$${text(scryptSync(password, salt, 32, { N: 16, r: 8, p: 1 }))}`;
}
