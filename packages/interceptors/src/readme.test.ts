import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient, policiesByPath } from "@rollcall/rpc";
import { createPingService, readmeSnippets, runSnippet, startTestServer, type TestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Pool } from "pg";
import { pino } from "pino";

const snippets = await readmeSnippets(new URL("../README.md", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));

/** What the README's reader has: a service, a channel to it, a logger, policies, somebody's keys and a database. */
async function createSurroundings(server: TestServer<PingServiceDefinition>) {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: "ES256", kid: "1" }] };
  const fetchToken = () =>
    new SignJWT({ roles: ["reader"] })
      .setProtectedHeader({ alg: "ES256", kid: "1" })
      .setSubject("ada")
      .setIssuer("https://example.com")
      .setAudience("greeter")
      .setIssuedAt()
      .setExpirationTime("10m")
      .sign(privateKey);
  const access = { kind: "authenticated", roles: [] } as const;
  const policy = { access, audit: false, defaultDeadlineMs: 1_000, maxDeadlineMs: 60_000 };
  const policies = policiesByPath(PingServiceDefinition, {
    ping: policy,
    count: policy,
    collect: policy,
    echo: policy,
  });
  const { channel } = server;
  return {
    PingServiceDefinition,
    service: createPingService(),
    channel,
    client: createClient(PingServiceDefinition, channel),
    logger: pino({ level: "silent" }),
    pool: new Pool({ host: "127.0.0.1", port: 1 }),
    policies,
    jwks,
    fetchToken,
  };
}

describe("the README", () => {
  let server: TestServer<PingServiceDefinition>;

  beforeAll(async () => {
    server = await startTestServer(PingServiceDefinition, createPingService());
    Object.assign(globalThis, await createSurroundings(server));
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test("has snippets", () => {
    expect(snippets.length).toBeGreaterThan(20);
  });

  test.each(
    snippets.map(
      (snippet, index) => [index + 1, /from "(@rollcall\/interceptors[^"]*)"/.exec(snippet)?.[1], snippet] as const,
    ),
  )("snippet %d, of %s, runs", async (_number, _entry, snippet) => {
    await runSnippet(snippet, here);
  });
});
