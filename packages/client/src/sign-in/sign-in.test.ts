import { Status, StatusError } from "@rollcall/rpc";
import { describe, expect, test } from "@jest/globals";
import { apiKey, bearer } from "./credentials.js";
import type { IdentityServer } from "./identity-server.fixture.js";
import {
  byPassword,
  byWrongPassword,
  count,
  type CredentialsOf,
  getUser,
  startSignedIn,
} from "./start-signed-in.fixture.js";

const nobody: CredentialsOf = () => undefined;

describe("signIn and signOut", () => {
  test("make a client call as somebody, then as nobody", async () => {
    await using setup = await startSignedIn(nobody);
    const { server, client } = setup;
    await expect(getUser(client)).rejects.toMatchObject({ reason: "CREDENTIALS_REQUIRED" });
    await expect(client.signIn(byPassword(server))).resolves.toMatchObject({ name: "Ada" });
    await expect(getUser(client)).resolves.toBeDefined();
    await client.signOut();
    await expect(getUser(client)).rejects.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "CREDENTIALS_REQUIRED",
    });
    expect(server.calls).toEqual(["GetUser", "Login", "GetUser", "Logout", "GetUser"]);
    expect(server.accounts.isRevoked(sessionOf(server))).toBe(true);
  });

  test("change nothing where the password is wrong", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await expect(client.signIn(byWrongPassword(server))).rejects.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "INVALID_CREDENTIALS",
      details: "could not sign in: the e-mail or the password is wrong",
    });
    await expect(getUser(client)).resolves.toBeDefined();
  });

  test.each<[string, CredentialsOf]>([
    ["nobody", nobody],
    ["whoever has not signed in yet", byPassword],
    ["a service", ({ accounts: { key } }) => apiKey(key)],
  ])("have nothing to end for %s", async (_case, credentials) => {
    await using setup = await startSignedIn(credentials);
    await expect(setup.client.signOut()).resolves.toBeUndefined();
    expect(setup.server.calls).toEqual([]);
    await expect(getUser(setup.client)).rejects.toMatchObject({ reason: "CREDENTIALS_REQUIRED" });
  });

  test("take no notice of a session that is over already", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    server.accounts.endSessions();
    await expect(client.signOut()).resolves.toBeUndefined();
    expect(count(server, "Login")).toBe(1);
  });

  test("forget the session also where the server cannot be told, and say so", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    server.failures.set("Logout", new StatusError(Status.INTERNAL, "failed"));
    await expect(client.signOut()).rejects.toMatchObject({ code: Status.INTERNAL });
    await expect(getUser(client)).rejects.toMatchObject({ reason: "CREDENTIALS_REQUIRED" });
  });

  test("know of a Logout that the program made itself", async () => {
    await using setup = await startSignedIn(byPassword);
    await setup.client.auth.logout({});
    await expect(getUser(setup.client)).rejects.toMatchObject({ reason: "CREDENTIALS_REQUIRED" });
    expect(count(setup.server, "Login")).toBe(1);
  });
});

describe("a client with other credentials", () => {
  test("shows its API key", async () => {
    await using setup = await startSignedIn(({ accounts: { key } }) => apiKey(key));
    await getUser(setup.client);
    expect(setup.server.callers).toEqual(["service"]);
  });

  test("shows the tokens that it is given, and asks for another when the server refuses one", async () => {
    const given: string[] = [];
    await using setup = await startSignedIn((server) =>
      bearer(async () => {
        const { tokens } = await server.accounts.logIn();
        const token = tokens?.accessToken ?? "";
        given.push(token);
        return token;
      }),
    );
    const { server, client } = setup;
    await getUser(client);
    server.accounts.endSessions();
    await getUser(client);
    expect(given).toHaveLength(2);
    expect(server.callers).toEqual(["ada", "ada"]);
  });

  test("says that no token can be had", async () => {
    await using setup = await startSignedIn(() => bearer(() => Promise.reject(new Error("the issuer sleeps"))));
    await expect(getUser(setup.client)).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
      reason: "CREDENTIALS_UNAVAILABLE",
      details: "the access token could not be obtained",
    });
  });
});

function sessionOf({ accounts: { issued } }: IdentityServer): string {
  const [, payload = ""] = issued[0]?.accessToken.split(".") ?? [];
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as { readonly sid: string };
  return claims.sid;
}
