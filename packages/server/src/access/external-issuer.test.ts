import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import type { JSONWebKeySet } from "jose";
import { errorOf } from "../services/status.fixture.js";
import { givenStore } from "../storage/test-store.fixture.js";
import { type AccessServer, startAccessServer } from "./access-server.fixture.js";
import { createExternalVerifier, type ExternalIssuerConfig } from "./external-issuer.js";
import { bearer, createTestIssuer, ownIssuer, type TestIssuer } from "./test-issuer.fixture.js";

const names = { issuer: "https://id.example", audience: "users" };
const rejected = { code: Status.UNAUTHENTICATED, reason: "CREDENTIALS_REJECTED" };

/** Publishes keys on a free port. */
async function publish(jwks: JSONWebKeySet) {
  const server = createServer((_request, response) => response.end(JSON.stringify(jwks))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // a server on a TCP port has no other kind of address
  return {
    url: `http://127.0.0.1:${port}/keys`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const configOf = (changes: Partial<ExternalIssuerConfig> = {}): ExternalIssuerConfig => ({
  externalJwksUrl: "http://127.0.0.1:1/keys",
  externalIssuer: names.issuer,
  externalAudience: names.audience,
  externalRolesClaim: "realm_access.roles",
  ...changes,
});

const given = givenStore("SQLite");

describe("createExternalVerifier", () => {
  test.each(["externalJwksUrl", "externalIssuer", "externalAudience"] as const)("makes none without %s", (name) => {
    expect(createExternalVerifier(configOf({ [name]: undefined }))).toBeUndefined();
  });
});

describe("a token of another issuer", () => {
  let other: TestIssuer;
  let keys: Awaited<ReturnType<typeof publish>>;
  let server: AccessServer;

  beforeAll(async () => {
    other = await createTestIssuer(names);
    keys = await publish(other.jwks);
    const external = createExternalVerifier(configOf({ externalJwksUrl: keys.url }));
    server = await startAccessServer({ store: given.store, external });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await keys[Symbol.asyncDispose]();
  });

  const call = (token: string) => server.client.count({ to: 1 }, bearer(token)).next();

  test("lets its bearer in with the roles of the configured claim, under a name that no user has", async () => {
    await call(await other.sign({ realm_access: { roles: ["reader"] }, sid: undefined, ver: undefined }));
    expect(server.callers.at(-1)).toMatchObject({
      subject: "https://id.example#ann",
      roles: ["reader"],
      credential: "token",
    });
    expect(server.callers.at(-1)).not.toHaveProperty("authVersion");
  });

  test("does not make its bearer the user of whom it speaks", async () => {
    const token = bearer(await other.sign());
    await expect(errorOf(server.client.collect([{ text: "ann" }], token))).resolves.toMatchObject({
      code: Status.PERMISSION_DENIED,
    });
  });

  test("gives no roles by the claim of this server's own tokens", async () => {
    await expect(errorOf(call(await other.sign({ roles: ["admin", "reader"] })))).resolves.toMatchObject({
      code: Status.PERMISSION_DENIED,
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ["of a third issuer", { iss: "https://third.example" }],
    ["in the name of this server", { iss: ownIssuer.issuer, aud: ownIssuer.audience }],
    ["for somebody else", { aud: "others" }],
    ["that has expired", { exp: 1_700_000_000, iat: 1_699_999_000 }],
    ["whose roles are a text", { realm_access: { roles: "admin" } }],
    ["of a name with NUL", { sub: "a\0b" }],
    ["of half a character", { sub: "\ud800" }],
    ["of a name that is too long", { sub: "a".repeat(257) }],
  ])("%s does not count", async (_what, claims) => {
    await expect(errorOf(call(await other.sign(claims)))).resolves.toMatchObject(rejected);
  });

  test("does not count when this server signed it in the other's name", async () => {
    const claims = { iss: names.issuer, aud: names.audience, realm_access: { roles: ["reader"] } };
    await expect(errorOf(call(await server.issuer.sign(claims)))).resolves.toMatchObject(rejected);
  });
});

test("while the keys of another issuer cannot be fetched, its tokens are neither good nor bad, and others count", async () => {
  const other = await createTestIssuer(names);
  await using server = await startAccessServer({ store: given.store, external: createExternalVerifier(configOf()) });
  await expect(errorOf(server.client.ping({}, bearer(await other.sign())))).resolves.toMatchObject({
    code: Status.UNAVAILABLE,
    reason: "CREDENTIALS_UNVERIFIABLE",
  });
  await expect(server.client.ping({}, bearer(await server.issuer.sign()))).resolves.toBeDefined();
});
