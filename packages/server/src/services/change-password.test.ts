import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { eventually } from "../storage/eventually.fixture.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { createApiKey } from "./create-api-key.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import {
  credentialsRejected,
  goodPassword,
  invalidCredentials,
  makePerson,
  type SignedIn,
  signIn,
  signInAs,
  toSignedIn,
} from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";
import { errorOf } from "./status.fixture.js";

const newPassword = "a quite different password";

describe.each(databaseNames)("ChangePassword on %s", (name) => {
  const given = givenAuthService(name);
  const change = async (
    { token }: Pick<SignedIn, "token">,
    request: { currentPassword?: string; newPassword?: string } = {},
  ) =>
    toSignedIn(
      (await given.auth.changePassword({ currentPassword: goodPassword, newPassword, ...request }, as({ token })))
        .tokens,
    );
  const isLetIn = ({ id }: Pick<SignedIn, "id">, token: string) => given.users.getUser({ id }, as({ token }));

  test("replaces the password, ends all sessions, and begins another", async () => {
    const here = await signInAs(given);
    const elsewhere = await signIn(given, here);
    const next = await change(here);
    await expect(isLetIn(here, next.token)).resolves.toBeDefined();
    for (const { token, refreshToken } of [here, elsewhere]) {
      await eventually(() => expect(isLetIn(here, token)).rejects.toMatchObject(credentialsRejected));
      await expect(given.auth.refreshToken({ refreshToken })).rejects.toMatchObject(credentialsRejected);
    }
    await expect(isLetIn(here, next.token)).resolves.toBeDefined();
    await expect(given.auth.refreshToken({ refreshToken: next.refreshToken })).resolves.toBeDefined();
    await expect(signIn(given, here)).rejects.toMatchObject(invalidCredentials);
    await expect(given.auth.login({ email: here.email, password: newPassword })).resolves.toBeDefined();
  });

  test("needs the current password, and is slowed like signing in", async () => {
    const ada = await signInAs(given);
    const errors = await Promise.all(
      Array.from({ length: 8 }, () => errorOf(change(ada, { currentPassword: "another password" }))),
    );
    expect(errors.map(({ reason }) => reason).toSorted()).toEqual([
      ...Array<string>(6).fill("INVALID_CREDENTIALS"),
      ...Array<string>(2).fill("RATE_LIMITED"),
    ]);
    await expect(signIn(given, ada)).resolves.toBeDefined();
  });

  test("happens once when two change the same password at once", async () => {
    const ada = await signInAs(given);
    const other = await signIn(given, ada);
    const outcomes = await Promise.allSettled([
      change(ada, { newPassword: "a first new password" }),
      change(other, { newPassword: "a second new password" }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("leaves nobody signed in with the old password, however close together", async () => {
    const person = await makePerson(given);
    const ada = await signIn(given, person);
    const [changed, ...signedIn] = await Promise.allSettled([
      change(ada),
      ...Array.from({ length: 4 }, () => signIn(given, person)),
    ]);
    expect(changed.status).toBe("fulfilled");
    for (const outcome of signedIn) {
      if (outcome.status === "fulfilled") {
        const { refreshToken } = outcome.value;
        await expect(given.auth.refreshToken({ refreshToken })).rejects.toMatchObject(credentialsRejected);
      } else {
        expect(outcome.reason).toMatchObject(invalidCredentials);
      }
    }
  });

  test("is for people", async () => {
    const { apiKey } = await createApiKey(given, { roles: ["admin"] });
    await expect(
      given.auth.changePassword({ currentPassword: goodPassword, newPassword }, as({ apiKey })),
    ).rejects.toMatchObject(invalidCredentials);
  });

  test("is written to the audit log, without the passwords", async () => {
    const ada = await signInAs(given);
    await errorOf(change(ada, { currentPassword: "another password" }));
    await change(ada);
    const events = await given.store.audit.page({
      method: "/user.v1.AuthService/ChangePassword",
      actor: ada.id,
      limit: 9,
    });
    expect(events).toMatchObject([
      { subject: ada.id, credential: "token", status: "OK", detail: "" },
      { subject: ada.id, credential: "token", reason: "INVALID_CREDENTIALS", detail: "" },
    ]);
  });

  test("does nothing for somebody who was banned a moment ago", async () => {
    const ada = await signInAs(given);
    const banning = given.store.write((unit) => unit.users.update(ada.id, { status: UserStatus.USER_STATUS_BANNED }));
    const [error] = await Promise.all([errorOf(banning.then(() => change(ada))), banning]);
    expect(["CREDENTIALS_REJECTED", "INVALID_CREDENTIALS"]).toContain(error.reason);
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});
