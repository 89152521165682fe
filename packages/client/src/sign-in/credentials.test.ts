import { inspect } from "node:util";
import { Status, StatusError } from "@rollcall/rpc";
import { describe, expect, test } from "@jest/globals";
import { createRollcallClient } from "../rollcall-client.js";
import { apiKey, bearer, password } from "./credentials.js";
import { byPassword, byWrongPassword, type CredentialsOf, getUser, startSignedIn } from "./start-signed-in.fixture.js";

describe("credentials", () => {
  test.each<[string, CredentialsOf]>([
    ["a wrong password", byWrongPassword],
    ["a password", byPassword],
    ["an API key", () => apiKey("rck_not-among-them")],
  ])("occur in no error and in no log line: %s", async (_case, credentials) => {
    const lines: unknown[] = [];
    const write = (...line: unknown[]) => void lines.push(line);
    const logger = { trace: write, debug: write, info: write, warn: write, error: write };
    await using setup = await startSignedIn(credentials, { logger });
    const { server, client } = setup;
    server.failures.set("RefreshToken", new StatusError(Status.INTERNAL, "failed"));
    await getUser(client).catch(() => undefined);
    server.accounts.endSessions();
    const failure = await failureOf(getUser(client));
    const given = credentials(server);
    const shown = inspect([lines, failure, client, given], { depth: 12, showHidden: true });
    const secrets = [
      ...["wrong horse", server.accounts.password, "rck_not-among-them"],
      ...server.accounts.issued.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
    ];
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  });

  test.each([
    ["a password", () => password({ email: "ada@example.com", password: "" }), "the password to sign in with is empty"],
    ["an e-mail", () => password({ email: "", password: "x" }), "the email to sign in with is empty"],
    ["an API key", () => apiKey(""), "the API key to sign in with is empty"],
    ["a function", () => bearer("token" as never), "bearer takes a function"],
    ["an API key that metadata carries", () => apiKey("two words"), "the API key to sign in with is empty, or holds"],
  ])("have to hold %s", (_case, create, sentence) => {
    expect(create).toThrow(TypeError);
    expect(create).toThrow(sentence);
  });

  const secret = password({ email: "ada@example.com", password: "correct horse" });
  const sentence = 'everybody between here and "users.example.com:443" could read the credentials';

  test("are not sent in the clear beyond this machine", async () => {
    const way = { address: "users.example.com:443", tls: false };
    expect(() => createRollcallClient({ ...way, auth: secret })).toThrow(TypeError);
    expect(() => createRollcallClient({ ...way, auth: secret })).toThrow(sentence);
    await using client = createRollcallClient(way);
    await expect(client.signIn(secret)).rejects.toThrow(sentence);
  });

  test.each([
    ["over an encrypted connection", { address: "users.example.com:443" }],
    ["on this machine", { address: "127.0.0.1:1", tls: false }],
    ["where the network encrypts", { address: "users.example.com:443", tls: false, allowPlaintext: true }],
  ])("are sent %s", (_case, way) => {
    createRollcallClient({ ...way, auth: secret }).close();
  });
});

async function failureOf(call: Promise<unknown>): Promise<StatusError> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof StatusError)) {
    throw new Error("the call should have failed with a status", { cause: error });
  }
  return error;
}
