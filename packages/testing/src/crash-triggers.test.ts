import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { ServerInterceptor } from "@rollcall/rpc";
import { createFakeClock } from "./fake-clock.js";
import { connectFrameSocket, frameFlags, type FrameSocket, frameTypes } from "./frame-socket.js";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { startTestServer, type TestServer } from "./start-test-server.js";

const path = "/ping.v1.PingService/Ping";
const endless = 0x7fffffff;

/** The headers of a call, with changes; undefined leaves a header out. */
function requestHeaders(changes: Readonly<Record<string, string | undefined>> = {}): [string, string][] {
  const headers: Record<string, string | undefined> = {
    ":method": "POST",
    ":scheme": "http",
    ":path": path,
    ":authority": "localhost",
    "content-type": "application/grpc",
    te: "trailers",
    ...changes,
  };
  return Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

const { endHeaders, endStream, none } = frameFlags;
const wrongLength = (socket: FrameSocket, headers: [string, string][]) => {
  socket.headers(1, [...headers, ["content-length", "3"]]);
  socket.frame(frameTypes.data, none, 1, Buffer.from("too many bytes"));
};
const reset = (socket: FrameSocket, code: number) => {
  socket.frame(frameTypes.rstStream, none, 1, uint32(code));
};
const overflow = (socket: FrameSocket, headers: [string, string][]) => {
  socket.headers(1, headers);
  socket.frame(frameTypes.windowUpdate, none, 1, uint32(endless));
  socket.frame(frameTypes.windowUpdate, none, 1, uint32(endless));
};

/** What once ended the process of a grpc-js server with a single request (CVE-2026-48068, CVE-2026-48069). */
const triggers: readonly [name: string, send: (socket: FrameSocket) => void][] = [
  [
    "an unsupported content type, then a reset",
    (socket) => {
      socket.headers(1, requestHeaders({ "content-type": "text/plain" }));
      reset(socket, 8);
    },
  ],
  [
    "a missing content type, then a reset",
    (socket) => {
      socket.headers(1, requestHeaders({ "content-type": undefined }));
      reset(socket, 8);
    },
  ],
  [
    "an unsupported content type with a wrong length",
    (socket) => {
      wrongLength(socket, requestHeaders({ "content-type": "text/plain" }));
    },
  ],
  [
    "an unknown path with a wrong length, then a reset for a broken protocol",
    (socket) => {
      wrongLength(socket, requestHeaders({ ":path": "/no/such" }));
      reset(socket, 1);
    },
  ],
  [
    "an unknown path with a wrong length, then a reset for an internal error",
    (socket) => {
      wrongLength(socket, requestHeaders({ ":path": "/no/such" }));
      reset(socket, 2);
    },
  ],
  [
    "an unsupported content type, followed by upper-case trailers",
    (socket) => {
      socket.headers(1, requestHeaders({ "content-type": "text/plain" }));
      socket.headers(1, [["X-UPPER", "case"]], endHeaders | endStream);
    },
  ],
  [
    "a window that overflows, on an unknown path",
    (socket) => {
      overflow(socket, requestHeaders({ ":path": "/no/such" }));
    },
  ],
  [
    "a window that overflows, with a missing content type",
    (socket) => {
      overflow(socket, requestHeaders({ "content-type": undefined }));
    },
  ],
  [
    "a window that overflows, in a good call",
    (socket) => {
      overflow(socket, requestHeaders());
    },
  ],
  [
    "a window of the connection that overflows",
    (socket) => {
      socket.frame(frameTypes.windowUpdate, none, 0, uint32(endless));
      socket.frame(frameTypes.windowUpdate, none, 0, uint32(endless));
    },
  ],
];

describe("a server outlives", () => {
  let server: TestServer<typeof PingServiceDefinition>;

  beforeEach(async () => {
    server = await startTestServer(PingServiceDefinition, createPingService());
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
  });

  test.each(triggers)("%s", async (_name, send) => {
    await using socket = await connectFrameSocket(server.address);
    await socket.settled();
    send(socket);
    await socket.settled();
    await expect(server.client.ping({ text: "alive" })).resolves.toMatchObject({ text: "alive" });
  });
});

describe("connectFrameSocket", () => {
  test("sends what a server takes for a call", async () => {
    const clock = createFakeClock();
    const seen: (string | undefined)[] = [];
    const seeing: ServerInterceptor = () => async (call, next) => {
      seen.push(call.metadata.get("x-long"));
      await Promise.all([clock.sleep(1), next()]);
    };
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors: [seeing] });
    await using socket = await connectFrameSocket(server.address);
    socket.headers(1, requestHeaders({ "x-long": "x".repeat(1_000) }));
    socket.frame(frameTypes.data, endStream, 1, Buffer.alloc(5));
    await clock.sleepers();
    expect(seen).toEqual(["x".repeat(1_000)]);
  });
});
