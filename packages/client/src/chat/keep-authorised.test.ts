import { Status, StatusError } from "@rollcall/rpc";
import { describe, expect, test } from "@jest/globals";
import { AccessTokenSource } from "../sign-in/access-token-source.js";
import { apiKey, bearer } from "../sign-in/credentials.js";
import { byPassword, type CredentialsOf, startSignedIn } from "../sign-in/start-signed-in.fixture.js";
import { keepAuthorised } from "./keep-authorised.js";
import { until } from "./until.fixture.js";

const start = (credentials: CredentialsOf) => startSignedIn(credentials, { accessTokenS: 1 });

async function contentsOf(messages: AsyncIterable<{ readonly content: string }>): Promise<string[]> {
  const contents = [];
  for await (const { content } of messages) {
    contents.push(content);
  }
  return contents;
}

describe("a chat", () => {
  test("is sent each new token while it is open, and nothing but what is said comes back", async () => {
    await using setup = await start(byPassword);
    const { server, client } = setup;
    async function* say() {
      yield { content: "hello" };
      await until(() => server.renewals.length >= 2);
      yield { content: "still here" };
    }
    await expect(contentsOf(client.users.chat(say()))).resolves.toEqual(["hello", "still here"]);
    const issued = server.accounts.issued.map(({ accessToken }) => accessToken);
    expect(server.renewals).toEqual(issued.slice(1, 1 + server.renewals.length));
    expect(server.calls.filter((name) => name === "Login")).toHaveLength(1);
  });

  test("ends with the reason why there is no new token", async () => {
    await using setup = await start(byPassword);
    const { server, client } = setup;
    async function* say() {
      yield { content: "hello" };
      await until(() => server.callers.length > 0);
      server.accounts.endSessions();
      server.accounts.password = "changed by somebody else";
      await new Promise(() => undefined);
    }
    await expect(contentsOf(client.users.chat(say()))).rejects.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "INVALID_CREDENTIALS",
      details: "could not sign in: the e-mail or the password is wrong",
    });
  });

  test.each<[string, CredentialsOf]>([
    ["an API key", ({ accounts: { key } }) => apiKey(key)],
    [
      "tokens that do not say when they run out",
      ({ accounts }) =>
        bearer(async () => {
          const { tokens } = await accounts.logIn();
          return tokens?.accessToken;
        }),
    ],
  ])("is as it was made with %s", async (_case, auth) => {
    await using setup = await start(auth);
    await expect(contentsOf(setup.client.users.chat([{ content: "a" }, { content: "b" }]))).resolves.toEqual([
      "a",
      "b",
    ]);
    expect(setup.server.renewals).toEqual([]);
  });

  test("is left alone where its caller gave it a token of their own", async () => {
    await using setup = await start(byPassword);
    const { server, client } = setup;
    const taken: unknown[] = [];
    const chat = keepAuthorised(
      (requests, options) => {
        taken.push(requests);
        return client.users.chat(requests, options);
      },
      () => new AccessTokenSource(() => Promise.reject(new Error("nobody asks")), Date.now),
    );
    const { tokens } = await server.accounts.logIn();
    const said = [{ content: "hello" }];
    const metadata = { authorization: `Bearer ${tokens?.accessToken ?? ""}` };
    await expect(contentsOf(chat(said, { metadata }))).resolves.toEqual(["hello"]);
    expect(taken[0]).toBe(said);
  });

  test("ends as its requests do", async () => {
    await using setup = await start(byPassword);
    async function* fail() {
      yield { content: "hello" };
      throw new StatusError(Status.ABORTED, "changed my mind");
    }
    await expect(contentsOf(setup.client.users.chat(fail()))).rejects.toThrow("changed my mind");
  });
});
