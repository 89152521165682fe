import { describe, expect, test } from "@jest/globals";
import { createClient, deadlineIn, Status } from "@rollcall/rpc";
import { bindService, createChannel, createServer, listen, shutDown, type TlsOptions } from "@rollcall/rpc/grpc";
import { createTestCertificates } from "./create-test-certificates.js";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";

const certificates = await createTestCertificates();
const others = await createTestCertificates();

/** A server with TLS, and calls to it with a channel's `tls`. */
async function start(mutual: boolean) {
  const { ca, server: own } = certificates;
  const server = createServer();
  const { service, handlers } = bindService(PingServiceDefinition, createPingService());
  server.addService(service, handlers);
  const tls = { ...own, clientCa: mutual ? ca : undefined };
  const { port } = await listen(server, "127.0.0.1:0", { tls });
  return {
    async ping(tls: boolean | TlsOptions | undefined, host = "localhost") {
      await using channel = createChannel({ address: `${host}:${String(port)}`, tls });
      const client = createClient(PingServiceDefinition, channel);
      return (await client.ping({ text: "safe" }, { deadline: deadlineIn(5_000) })).text;
    },
    async [Symbol.asyncDispose]() {
      await shutDown(server, 0);
    },
  };
}

describe("a channel with TLS", () => {
  const { ca, client } = certificates;
  const unavailable = { code: Status.UNAVAILABLE };

  test("reaches a server whose authority it trusts, by name and by address", async () => {
    await using server = await start(false);
    await expect(server.ping({ ca })).resolves.toBe("safe");
    await expect(server.ping({ ca }, "127.0.0.1")).resolves.toBe("safe");
    await expect(server.ping({ ca, serverName: "localhost" }, "127.0.0.1")).resolves.toBe("safe");
  });

  test.each([
    ["is signed by another authority", { ca: others.ca }],
    ["is signed by no authority that Node trusts", true],
    ["bears another name", { ca, serverName: "example.test" }],
    ["is not asked for", false],
    ["is not asked for on this machine", undefined],
  ])("refuses a server whose certificate %s", async (_case, tls) => {
    await using server = await start(false);
    await expect(server.ping(tls)).rejects.toMatchObject(unavailable);
  });

  test("shows the client's certificate to a server that asks for it", async () => {
    await using server = await start(true);
    await expect(server.ping({ ca, ...client })).resolves.toBe("safe");
  });

  test.each([
    ["without one", { ca }],
    ["with one of another authority", { ca, ...others.client }],
  ])("is refused %s", async (_case, tls) => {
    await using server = await start(true);
    await expect(server.ping(tls)).rejects.toMatchObject(unavailable);
  });
});
