import { Status, StatusError } from "@rollcall/rpc";
import { describe, expect, test } from "@jest/globals";
import { byPassword, byWrongPassword, count, getUser, startSignedIn } from "./start-signed-in.fixture.js";

const rejected = new StatusError(Status.UNAUTHENTICATED, "no longer", {
  errorDetails: { errorInfo: { reason: "CREDENTIALS_REJECTED", domain: "rollcall", metadata: {} } },
});

describe("a client with a password", () => {
  test("signs in before its first call, once for all that wait", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await Promise.all(Array.from({ length: 20 }, () => getUser(client)));
    await client.users.listUsers({}).next();
    expect(server.calls.filter((name) => name === "Login")).toHaveLength(1);
    expect(new Set(server.callers)).toEqual(new Set(["ada"]));
  });

  test("refreshes the session once for all calls whose token is refused, and makes them again", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    server.failures.set("GetUser", rejected);
    server.failures.set("BatchGetUsers", rejected);
    await Promise.all([getUser(client), client.users.batchGetUsers({ ids: ["1"] })]);
    expect(server.calls.filter((name) => ["Login", "RefreshToken"].includes(name))).toEqual(["Login", "RefreshToken"]);
  });

  test("refreshes the session when the token has run out, each time with the newest refresh token", async () => {
    await using setup = await startSignedIn(byPassword, { accessTokenS: 1 });
    const { server, client } = setup;
    for (let refreshes = 0; refreshes < 2; refreshes = count(server, "RefreshToken")) {
      await getUser(client);
    }
    expect(count(server, "Login")).toBe(1);
  });

  test("signs in again when the session is over", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    server.accounts.endSessions();
    await expect(getUser(client)).resolves.toBeDefined();
    expect(server.calls.slice(-4)).toEqual(["GetUser", "RefreshToken", "Login", "GetUser"]);
  });

  test("does not use a refresh token again of which nobody knows whether it was used", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    server.failures.set("GetUser", rejected);
    server.failures.set("RefreshToken", new StatusError(Status.DEADLINE_EXCEEDED, "too late"));
    await expect(getUser(client)).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
      details: "could not renew the session: too late",
    });
    await getUser(client);
    expect(count(server, "RefreshToken")).toBe(1);
    expect(count(server, "Login")).toBe(2);
  });

  test("uses a refresh token again that hardly reached the server", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    server.failures.set("GetUser", rejected);
    server.failures.set("RefreshToken", new StatusError(Status.UNAVAILABLE, "away"));
    await expect(getUser(client)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await getUser(client);
    expect(count(server, "RefreshToken")).toBe(2);
    expect(count(server, "Login")).toBe(1);
  });

  test("says that the password is wrong, and does not have the server check it for each call", async () => {
    await using setup = await startSignedIn(byWrongPassword);
    const { server, client } = setup;
    for (const call of [getUser(client), getUser(client), client.users.listUsers({}).next()]) {
      await expect(call).rejects.toMatchObject({
        code: Status.UNAUTHENTICATED,
        reason: "INVALID_CREDENTIALS",
        details: "could not sign in: the e-mail or the password is wrong",
      });
    }
    await expect(getUser(client)).rejects.toMatchObject({ reason: "INVALID_CREDENTIALS" });
    expect(server.calls).toEqual(["Login"]);
  });

  test("says that the server is not there", async () => {
    await using setup = await startSignedIn(byPassword);
    await setup.server.stop();
    await expect(getUser(setup.client)).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
      details: expect.stringMatching(/^could not sign in: .+/),
    });
  });

  test("stays signed in when it changes the password", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await client.auth.changePassword({ currentPassword: server.accounts.password, newPassword: "another horse" });
    await getUser(client);
    expect(server.calls).toEqual(["Login", "ChangePassword", "GetUser"]);
    server.accounts.endSessions();
    await getUser(client);
    expect(server.calls.slice(-2)).toEqual(["Login", "GetUser"]);
  });

  test("goes on as it was when somebody else's password is changed, by a token of theirs", async () => {
    await using setup = await startSignedIn(byPassword);
    const { server, client } = setup;
    await getUser(client);
    const { tokens } = await server.accounts.logIn();
    const metadata = { authorization: `Bearer ${tokens?.accessToken ?? ""}` };
    await client.auth.changePassword({ currentPassword: "theirs", newPassword: "another horse" }, { metadata });
    server.accounts.password = "correct horse battery"; // still that of the client's account
    await getUser(client);
    expect(server.calls.slice(-3)).toEqual(["RefreshToken", "Login", "GetUser"]);
  });
});
