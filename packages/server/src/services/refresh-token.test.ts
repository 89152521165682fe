import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { decodeJwt } from "jose";
import { eventually } from "../storage/eventually.fixture.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { credentialsRejected, makePerson, type SignedIn, signIn, signInAs, toSignedIn } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";

const dayMs = 86_400_000;

describe.each(databaseNames)("RefreshToken on %s", (name) => {
  const given = givenAuthService(name);
  const refresh = async (refreshToken: string, from?: string) =>
    toSignedIn((await given.auth.refreshToken({ refreshToken }, as({ from }))).tokens);
  const isLetIn = ({ id }: Pick<SignedIn, "id">, token: string) => given.users.getUser({ id }, as({ token }));

  test("goes on with the session, with another refresh token each time", async () => {
    const ada = await signInAs(given, "reader");
    const second = await refresh(ada.refreshToken);
    const third = await refresh(second.refreshToken);
    expect(new Set([ada, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    expect(decodeJwt(third.token)).toMatchObject({ sub: ada.id, roles: ["reader"], sid: decodeJwt(ada.token)["sid"] });
    await expect(isLetIn(ada, third.token)).resolves.toBeDefined();
  });

  test("knows of roles that were given meanwhile", async () => {
    const ada = await signInAs(given);
    await given.store.write((unit) => unit.users.update(ada.id, { roles: ["admin"] }));
    await eventually(() => expect(isLetIn(ada, ada.token)).rejects.toMatchObject(credentialsRejected));
    const { token } = await refresh(ada.refreshToken);
    expect(decodeJwt(token)).toMatchObject({ roles: ["admin"] });
    await expect(isLetIn(ada, token)).resolves.toBeDefined();
  });

  test("ends the session of a token that comes a second time, and says so in the audit log", async () => {
    const ada = await signInAs(given);
    const thief = await refresh(ada.refreshToken);
    await expect(refresh(ada.refreshToken, "192.0.2.5")).rejects.toMatchObject(credentialsRejected);
    await expect(refresh(thief.refreshToken)).rejects.toMatchObject(credentialsRejected);
    await eventually(() => expect(isLetIn(ada, thief.token)).rejects.toMatchObject(credentialsRejected));
    const [event] = await given.store.audit.page({ subject: ada.id, limit: 1 });
    expect(event).toMatchObject({
      method: "/user.v1.AuthService/RefreshToken",
      actor: ada.id,
      status: "UNAUTHENTICATED",
      reason: "CREDENTIALS_REJECTED",
      peer: "192.0.2.5",
      detail: "a refresh token was used twice; its session has ended",
    });
  });

  test("ends the session when many use its token at the same time", async () => {
    const ada = await signInAs(given);
    const other = await signIn(given, ada);
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => refresh(ada.refreshToken)));
    const winners = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const losers = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    expect(winners).toHaveLength(1);
    for (const error of losers) {
      expect(error).toMatchObject(credentialsRejected);
    }
    await expect(refresh(winners[0]?.refreshToken ?? "")).rejects.toMatchObject(credentialsRejected);
    const events = await given.store.audit.page({ subject: ada.id, limit: 100 });
    expect(events.some(({ method }) => method.endsWith("/RefreshToken"))).toBe(true);
    await expect(refresh(other.refreshToken)).resolves.toBeDefined();
  });

  test.each([
    ["banned", { status: UserStatus.USER_STATUS_BANNED }],
    ["inactive", { status: UserStatus.USER_STATUS_INACTIVE }],
  ])("ends the session of a user who is %s, for good", async (_case, change) => {
    const ada = await signInAs(given);
    await given.store.write((unit) => unit.users.update(ada.id, change));
    await expect(refresh(ada.refreshToken)).rejects.toMatchObject(credentialsRejected);
    await given.store.write((unit) => unit.users.update(ada.id, { status: UserStatus.USER_STATUS_ACTIVE }));
    await expect(refresh(ada.refreshToken)).rejects.toMatchObject(credentialsRejected);
    const ended = { kind: "session", id: decodeJwt(ada.token)["sid"] };
    await expect(given.store.revocations.since(0, 10_000)).resolves.toContainEqual(expect.objectContaining(ended));
    await expect(given.store.audit.page({ subject: ada.id, limit: 9 })).resolves.toMatchObject([
      { method: "/user.v1.AuthService/Login" },
    ]);
  });

  test("does nothing for a user who was deleted", async () => {
    const ada = await signInAs(given);
    await given.store.write((unit) => unit.users.delete(ada.id));
    await expect(refresh(ada.refreshToken)).rejects.toMatchObject(credentialsRejected);
  });

  test.each([
    ["a guess", () => `rcr_${"A".repeat(43)}`],
    ["an access token", (ada: SignedIn) => ada.token.slice(0, 256)],
    ["a token in other letters", (ada: SignedIn) => ada.refreshToken.toUpperCase()],
    ["the digest of a token", () => "a".repeat(64)],
  ])("does nothing for %s, and the session goes on", async (_case, tokenOf) => {
    const ada = await signInAs(given);
    await expect(refresh(tokenOf(ada))).rejects.toMatchObject(credentialsRejected);
    await expect(refresh(ada.refreshToken)).resolves.toBeDefined();
  });

  test("takes a token for 30 days, and a session for 90, and says so", async () => {
    const ada = await makePerson(given);
    const idle = await signIn(given, ada);
    let active = await signIn(given, ada);
    const endsInDays: number[] = [];
    const startMs = decodeJwt(active.token).iat ?? 0;
    for (let day = 29; day < 90; day += 29) {
      given.advance(29 * dayMs);
      const { tokens } = await given.auth.refreshToken({ refreshToken: active.refreshToken });
      active = { ...active, ...toSignedIn(tokens) };
      endsInDays.push(Math.round(((tokens?.refreshTokenExpiresAt?.getTime() ?? 0) - startMs * 1_000) / dayMs));
    }
    expect(endsInDays).toEqual([29 + 30, 58 + 30, 90]);
    await expect(refresh(idle.refreshToken)).rejects.toMatchObject(credentialsRejected);
    given.advance(3 * dayMs);
    await expect(refresh(active.refreshToken)).rejects.toMatchObject(credentialsRejected);
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});
