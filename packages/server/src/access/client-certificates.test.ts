import { describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import { createTestCertificates } from "@rollcall/testing";
import { errorOf } from "../services/status.fixture.js";
import { givenStore } from "../storage/test-store.fixture.js";
import { startAccessServer } from "./access-server.fixture.js";
import { type CertificateRoles, parseCertificateRoles } from "./certificate-roles.js";
import { bearer } from "./test-issuer.fixture.js";

const given = givenStore("SQLite");

/** A server that asks for certificates, and a client that has one for `localhost` and `127.0.0.1`. */
async function start(certificateRoles: CertificateRoles | undefined, now?: () => number) {
  const { ca, server, client } = await createTestCertificates();
  return startAccessServer({
    store: given.store,
    certificateRoles,
    now,
    listener: { tls: { ...server, clientCa: ca } },
    channel: { tls: { ca, ...client, serverName: "localhost" } },
  });
}

describe("the certificate of a client", () => {
  test("lets it in by a name that may do something, with the roles of the name", async () => {
    await using server = await start(parseCertificateRoles("DNS:localhost=reader; IP Address:127.0.0.1=admin"));
    await expect(server.client.count({ to: 1 }).next()).resolves.toMatchObject({ value: { number: 1 } });
    expect(server.callers).toMatchObject([{ subject: "DNS:localhost", roles: ["reader"], credential: "certificate" }]);
    await expect(errorOf(server.client.collect([{ text: "ann" }]))).resolves.toMatchObject({
      code: Status.PERMISSION_DENIED,
    });
  });

  test("is worth nothing without such a name, and does not stand in the way of a token", async () => {
    await using server = await start(parseCertificateRoles("DNS:console.test=admin; URI:localhost=admin"));
    await expect(errorOf(server.client.ping({}))).resolves.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "CREDENTIALS_REQUIRED",
    });
    await server.client.ping({}, bearer(await server.issuer.sign()));
    expect(server.callers).toMatchObject([{ subject: "ann", credential: "token" }]);
  });

  test("stands back behind a token that comes over the same connection, whether or not that counts", async () => {
    await using server = await start(parseCertificateRoles("DNS:localhost=admin"));
    await server.client.ping({}, bearer(await server.issuer.sign()));
    expect(server.callers).toMatchObject([{ subject: "ann", roles: [] }]);
    await expect(errorOf(server.client.ping({}, bearer("nonsense")))).resolves.toMatchObject({
      reason: "CREDENTIALS_REJECTED",
    });
  });

  test("does not count when its time has run out since it connected", async () => {
    await using server = await start(parseCertificateRoles("DNS:localhost=reader"), () => Date.UTC(2200, 0, 1));
    await expect(errorOf(server.client.ping({}))).resolves.toMatchObject({
      code: Status.UNAUTHENTICATED,
      reason: "CREDENTIALS_REJECTED",
    });
  });
});
