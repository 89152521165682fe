import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions, type SecureVersion } from "node:tls";
import { describe, expect, test } from "@jest/globals";
import { createClient, deadlineIn, Status } from "@rollcall/rpc";
import {
  bindService,
  createChannel,
  createServer,
  listen,
  type Listener,
  type ListenerOptions,
  type RefusedConnection,
  shutDown,
  type TlsOptions,
} from "@rollcall/rpc/grpc";
import { createTestCertificates } from "./create-test-certificates.js";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";

const certificates = await createTestCertificates();
const others = await createTestCertificates();

/** A server whose refused connections are noted. */
async function start(options: ListenerOptions = {}) {
  const refused: RefusedConnection[] = [];
  const server = createServer();
  const { service, handlers } = bindService(PingServiceDefinition, createPingService());
  server.addService(service, handlers);
  const listener: Listener = await listen(server, "127.0.0.1:0", {
    ...options,
    onRefused: (reason) => {
      refused.push(reason);
    },
  });
  return {
    refused,
    listener,
    address: `127.0.0.1:${String(listener.port)}`,
    async [Symbol.asyncDispose]() {
      await shutDown(server, 0);
    },
  };
}

async function ping(address: string, tls?: TlsOptions): Promise<string> {
  await using channel = createChannel({ address, tls });
  const client = createClient(PingServiceDefinition, channel);
  return (await client.ping({ text: "here" }, { deadline: deadlineIn(5_000) })).text;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
    if (socket.closed) {
      resolve();
    }
  });
}

describe("the connections of a server", () => {
  test("are as many as it allows, and those that are open go on", async () => {
    await using server = await start({ maxConnections: 3 });
    await using channel = createChannel({ address: server.address });
    const client = createClient(PingServiceDefinition, channel);
    await client.ping({});
    const sockets = await Promise.all([open(server.listener.port), open(server.listener.port)]);
    await closed(await open(server.listener.port));
    expect([server.refused, server.listener.connections]).toEqual([["tooMany"], 3]);
    await expect(client.ping({ text: "still" })).resolves.toMatchObject({ text: "still" });

    sockets[0].destroy();
    await closed(sockets[0]);
    while (server.listener.connections > 2) {
      await new Promise(setImmediate);
    }
    await expect(ping(server.address)).resolves.toBe("here");
  });

  test.each([
    ["nothing", ""],
    ["less than a beginning", "PRI * HTTP/2.0"],
  ])("are closed where the client sends %s", async (_case, text) => {
    await using server = await start({ firstBytesMs: 50 });
    const socket = await open(server.listener.port);
    socket.write(text);
    await closed(socket);
    expect(server.refused).toEqual(["silent"]);
  });

  test("are closed where the client does not finish the handshake", async () => {
    await using server = await start({ firstBytesMs: 50, tls: certificates.server });
    const socket = await open(server.listener.port);
    await closed(socket);
    expect(server.refused).not.toEqual([]);
  });

  test("stay open where the client has said that it is one", async () => {
    await using server = await start({ firstBytesMs: 50 });
    await using channel = createChannel({ address: server.address });
    const client = createClient(PingServiceDefinition, channel);
    await client.ping({});
    await closed(await open(server.listener.port)); // outlasts the first connection's time as well
    expect(server.refused).toEqual(["silent"]);
    await expect(client.ping({ text: "still" })).resolves.toMatchObject({ text: "still" });
  });

  test("carry calls over a Unix socket", async () => {
    const server = createServer();
    const { service, handlers } = bindService(PingServiceDefinition, createPingService());
    server.addService(service, handlers);
    const address = `unix:${process.env["TMPDIR"] ?? "/tmp"}/rollcall-${String(process.pid)}.sock`;
    await listen(server, address);
    await expect(ping(address)).resolves.toBe("here");
    await shutDown(server, 0);
  });

  test.each([
    ["a port that is none", { maxConnections: 0 }, "option maxConnections is 0; it takes a whole number above 0"],
    ["no time at all", { firstBytesMs: -1 }, "option firstBytesMs is -1; it takes a whole number above 0"],
  ])("are not opened for %s", async (_case, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });
});

describe("a server with TLS", () => {
  const { ca, server: own, client } = certificates;

  const served = (socket: Socket) =>
    new Promise<string>((resolve) => {
      socket.once("data", () => {
        resolve("served");
      });
    });

  const shake = async (port: number, options: ConnectionOptions) => {
    const socket = connectTls({
      port,
      host: "127.0.0.1",
      servername: "localhost",
      ca,
      ALPNProtocols: ["h2"],
      ...options,
    });
    socket.on("error", () => undefined);
    const outcome = await Promise.race([served(socket), closed(socket).then(() => "refused")]);
    socket.destroy();
    return outcome;
  };

  test("serves clients that speak HTTP/2 over TLS 1.2 or 1.3, and no others", async () => {
    await using server = await start({ tls: own });
    const { port } = server.listener;
    const version = (name: SecureVersion) => ({ minVersion: name, maxVersion: name });
    await expect(shake(port, version("TLSv1.3"))).resolves.toBe("served");
    await expect(shake(port, version("TLSv1.2"))).resolves.toBe("served");
    await expect(shake(port, { ...version("TLSv1.1"), ciphers: "ALL:@SECLEVEL=0" })).resolves.toBe("refused");
    await expect(shake(port, { ALPNProtocols: ["http/1.1"] })).resolves.toBe("refused");
    await expect(shake(port, { ALPNProtocols: [] })).resolves.toBe("refused");
    await expect(ping(server.address)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  const mutual = { ...own, clientCa: ca };
  const showing = { ca, ...client };
  const forged = { ca, ...others.client };

  test("that asks for certificates serves clients with one of its authority, and no others", async () => {
    await using server = await start({ tls: mutual });
    await expect(ping(server.address, showing)).resolves.toBe("here");
    await expect(ping(server.address, forged)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await expect(ping(server.address, { ca })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test("that does not insist serves clients without one too, and still none with another's", async () => {
    await using server = await start({ tls: { ...mutual, requireClientCertificate: false } });
    await expect(ping(server.address, showing)).resolves.toBe("here");
    await expect(ping(server.address, { ca })).resolves.toBe("here");
    await expect(ping(server.address, forged)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test("shows a renewed certificate to new connections, and open ones go on", async () => {
    await using server = await start({ tls: own });
    await using channel = createChannel({ address: server.address, tls: { ca } });
    const old = createClient(PingServiceDefinition, channel);
    await old.ping({});
    server.listener.renew(others.server);
    await expect(old.ping({ text: "still" })).resolves.toMatchObject({ text: "still" });
    await expect(ping(server.address, { ca: others.ca })).resolves.toBe("here");
    await expect(ping(server.address, { ca })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });

  test("keeps its certificate where the new one does not fit its key", async () => {
    await using server = await start({ tls: own });
    expect(() => {
      server.listener.renew({ ...own, key: others.server.key });
    }).toThrow(/key values mismatch/);
    await expect(ping(server.address, { ca })).resolves.toBe("here");
  });
});
