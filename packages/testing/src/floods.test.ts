import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ServerCall } from "@rollcall/rpc";
import { connectFrameSocket, frameFlags, type FrameSocket, frameTypes } from "./frame-socket.js";
import { type PingRequest, PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { startTestServer, type TestServer } from "./start-test-server.js";

const mebibyte = 1024 * 1024;
const { endHeaders, endStream, none } = frameFlags;
const headers: readonly (readonly [string, string])[] = [
  [":method", "POST"],
  [":scheme", "http"],
  [":path", "/ping.v1.PingService/Ping"],
  [":authority", "localhost"],
  ["content-type", "application/grpc"],
  ["te", "trailers"],
];
const cancel = Buffer.from([0, 0, 0, 8]);

describe("a server that is flooded", () => {
  let server: TestServer<typeof PingServiceDefinition>;
  let runs: number;

  beforeEach(async () => {
    runs = 0;
    const service = createPingService();
    const counting = {
      ...service,
      ping: (request: PingRequest, call: ServerCall) => {
        runs++;
        return service.ping(request, call);
      },
    };
    // Where HTTP/2 itself has had enough of a client it stops listening, and what it does not answer ends the connection.
    const bounds = { keepaliveMs: 200, keepaliveTimeoutMs: 200 };
    server = await startTestServer(PingServiceDefinition, counting, { server: bounds });
  });

  afterEach(async () => {
    await expect(server.client.ping({ text: "alive" })).resolves.toMatchObject({ text: "alive" });
    await server[Symbol.asyncDispose]();
  });

  /** Sends pieces until they are all sent or the server has had enough. */
  const flood = async (socket: FrameSocket, count: number, send: (index: number) => void) => {
    for (let index = 0; index < count && !socket.closed; index++) {
      send(index);
      if (index % 500 === 0) {
        await socket.settled();
      }
    }
    await socket.settled();
  };

  const openAndReset = (socket: FrameSocket) => (index: number) => {
    const streamId = 2 * index + 1;
    socket.headers(streamId, headers);
    socket.frame(frameTypes.data, endStream, streamId, Buffer.alloc(5));
    socket.frame(frameTypes.rstStream, none, streamId, cancel);
  };

  test("with calls that are reset at once disconnects the client after a bounded number", async () => {
    await using socket = await connectFrameSocket(server.address);
    await flood(socket, 20_000, openAndReset(socket));
    expect(socket.closed).toBe(true);
    expect(runs).toBeLessThan(1_000);
  });

  test("with as many resets as a busy client needs leaves it connected", async () => {
    await using socket = await connectFrameSocket(server.address);
    await flood(socket, 450, openAndReset(socket));
    expect(socket.closed).toBe(false);
  });

  test.each<[string, number, (socket: FrameSocket) => (index: number) => void]>([
    [
      "headers that never end",
      2_000,
      (socket) => (index) => {
        if (index === 0) {
          socket.headers(1, headers, none);
        } else {
          socket.frame(frameTypes.continuation, none, 1, Buffer.from([0x10, 1, 0x61, 1, 0x62]));
        }
      },
    ],
    [
      "DATA without any",
      200_000,
      (socket) => (index) => {
        if (index === 0) {
          socket.headers(1, headers);
        } else {
          socket.frame(frameTypes.data, none, 1);
        }
      },
    ],
  ])("with %s disconnects the client, and takes little memory", async (_name, count, send) => {
    await using socket = await connectFrameSocket(server.address);
    const before = process.memoryUsage.rss();
    await flood(socket, count, send(socket));
    expect(socket.closed).toBe(true);
    expect((process.memoryUsage.rss() - before) / mebibyte).toBeLessThan(64);
    expect(runs).toBe(0);
  });

  test.each<[string, number, (socket: FrameSocket, index: number) => void]>([
    [
      "PING",
      20_000,
      (socket) => {
        socket.frame(frameTypes.ping, none, 0, Buffer.alloc(8));
      },
    ],
    [
      "SETTINGS",
      20_000,
      (socket) => {
        socket.frame(frameTypes.settings, none, 0);
      },
    ],
    [
      "PRIORITY",
      20_000,
      (socket) => {
        socket.frame(frameTypes.priority, none, 1, Buffer.from([0, 0, 0, 3, 1]));
      },
    ],
    [
      "a thousand headers in each call",
      200,
      (socket, index) => {
        const many = Array.from({ length: 1_000 }, () => ["x", "y"] as const);
        socket.headers(2 * index + 1, [...headers, ...many], endHeaders | endStream);
      },
    ],
  ])("with %s serves others meanwhile, and takes little memory", async (_name, count, send) => {
    await using socket = await connectFrameSocket(server.address);
    const before = process.memoryUsage.rss();
    await flood(socket, count, (index) => {
      send(socket, index);
    });
    await expect(server.client.ping({ text: "meanwhile" })).resolves.toMatchObject({ text: "meanwhile" });
    expect((process.memoryUsage.rss() - before) / mebibyte).toBeLessThan(64);
    expect(runs).toBe(1);
  });
});
