import { describe, expect, test } from "@jest/globals";
import { eventually } from "../storage/eventually.fixture.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { createApiKey } from "./create-api-key.fixture.js";
import { givenAuthService } from "./given-auth-service.fixture.js";
import { credentialsRejected, type SignedIn, signIn, signInAs } from "./people.fixture.js";
import { as } from "./start-auth-service.fixture.js";

describe.each(databaseNames)("Logout on %s", (name) => {
  const given = givenAuthService(name);
  const logOut = ({ token }: SignedIn, allSessions = false) => given.auth.logout({ allSessions }, as({ token }));
  const isLetIn = ({ id, token }: SignedIn) => given.users.getUser({ id }, as({ token }));
  const goOn = ({ refreshToken }: SignedIn) => given.auth.refreshToken({ refreshToken });

  async function expectEnded(signedIn: SignedIn) {
    await expect(goOn(signedIn)).rejects.toMatchObject(credentialsRejected);
    await eventually(() => expect(isLetIn(signedIn)).rejects.toMatchObject(credentialsRejected), 5_000);
  }

  test("ends the session of the caller and no other", async () => {
    const here = await signInAs(given);
    const elsewhere = await signIn(given, here);
    await logOut(here);
    await expectEnded(here);
    await expect(isLetIn(elsewhere)).resolves.toBeDefined();
    await expect(goOn(elsewhere)).resolves.toBeDefined();
  });

  test("ends all sessions of the caller, and nobody else's", async () => {
    const here = await signInAs(given);
    const elsewhere = await signIn(given, here);
    const bob = await signInAs(given);
    await logOut(here, true);
    await expectEnded(here);
    await expectEnded(elsewhere);
    await expect(isLetIn(bob)).resolves.toBeDefined();
    await expect(goOn(bob)).resolves.toBeDefined();
    await expect(signIn(given, here)).resolves.toBeDefined();
  });

  test("is for callers who have signed in", async () => {
    await expect(given.auth.logout({})).rejects.toMatchObject({ reason: "CREDENTIALS_REQUIRED" });
  });

  test("leaves an API key as it is", async () => {
    const { apiKey } = await createApiKey(given, { roles: ["reader"] });
    await given.auth.logout({ allSessions: true }, as({ apiKey }));
    await expect(given.users.batchGetUsers({ ids: [] }, as({ apiKey }))).resolves.toBeDefined();
  });

  test("is written to the audit log", async () => {
    const ada = await signInAs(given);
    await logOut(ada);
    const [event] = await given.store.audit.page({ subject: ada.id, limit: 1 });
    expect(event).toMatchObject({ method: "/user.v1.AuthService/Logout", actor: ada.id, status: "OK" });
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});
