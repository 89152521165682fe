import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { type ConnectionSecurity, createClient, type ServerInterceptor } from "@rollcall/rpc";
import {
  bindService,
  createChannel,
  createServer,
  listen,
  type ServerTls,
  shutDown,
  type TlsOptions,
} from "@rollcall/rpc/grpc";
import { createTestCertificates } from "./create-test-certificates.js";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";

/** Makes a call of each kind, and answers with what they saw of the connection. */
async function securityOfCalls(
  server: ServerTls | undefined,
  client: TlsOptions | false,
): Promise<ConnectionSecurity[]> {
  const seen: ConnectionSecurity[] = [];
  const look: ServerInterceptor = () => (call, next) => {
    seen.push(call.connection);
    return next();
  };
  const native = createServer();
  const { service, handlers } = bindService(PingServiceDefinition, createPingService(), { interceptors: [look] });
  native.addService(service, handlers);
  const { port } = await listen(native, "127.0.0.1:0", { tls: server });
  await using channel = createChannel({ address: `localhost:${String(port)}`, tls: client });
  const { ping, count, collect, echo } = createClient(PingServiceDefinition, channel);
  await ping({});
  await count({ to: 1 }).next();
  await collect([]);
  await echo([{}]).next();
  await shutDown(native, 0);
  return seen;
}

describe("what a connection proves about its client", () => {
  const ofEachKind = (security: ConnectionSecurity) => [security, security, security, security];

  test("is nothing in the clear", async () => {
    await expect(securityOfCalls(undefined, false)).resolves.toEqual(
      ofEachKind({ encrypted: false, clientCertificate: undefined }),
    );
  });

  test("is that nobody reads along, where it is encrypted", async () => {
    const { ca, server } = await createTestCertificates();
    await expect(securityOfCalls(server, { ca })).resolves.toEqual(
      ofEachKind({ encrypted: true, clientCertificate: undefined }),
    );
  });

  test("is the client's certificate, where the server asks for one", async () => {
    const { ca, server, client } = await createTestCertificates();
    const { raw } = new X509Certificate(client.certificate);
    await expect(securityOfCalls({ ...server, clientCa: ca }, { ca, ...client })).resolves.toEqual(
      ofEachKind({ encrypted: true, clientCertificate: raw }),
    );
  });

  test("is no certificate, where the client may do without and does", async () => {
    const { ca, server } = await createTestCertificates();
    await expect(
      securityOfCalls({ ...server, clientCa: ca, requireClientCertificate: false }, { ca }),
    ).resolves.toEqual(ofEachKind({ encrypted: true, clientCertificate: undefined }));
  });
});
