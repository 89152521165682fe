import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { CountRequest, PingRequest, PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { grpcFrame } from "./raw-client.js";
import { startTestServer, type TestServer } from "./start-test-server.js";

describe("a client that asks and reads nothing", () => {
  let server: TestServer<typeof PingServiceDefinition>;
  let session: ClientHttp2Session;

  beforeEach(async () => {
    server = await startTestServer(PingServiceDefinition, createPingService(), { server: { maxStallMs: 100 } });
    session = connect(`http://${server.address}`, { settings: { initialWindowSize: 0 } });
    session.on("error", () => undefined);
    await once(session, "remoteSettings");
  });

  afterEach(async () => {
    session.destroy();
    await server[Symbol.asyncDispose]();
  });

  const call = (method: string, request: Uint8Array): ClientHttp2Stream => {
    const stream = session.request({
      ":method": "POST",
      ":path": `/ping.v1.PingService/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => undefined);
    stream.end(grpcFrame(request));
    return stream;
  };

  test.each([
    ["one response", "Ping", PingRequest.encode({ text: "hello", values: undefined }).finish()],
    ["responses without end", "Count", CountRequest.encode({ to: 1_000_000_000, paddingBytes: 1_000 }).finish()],
  ])(
    "is reset after a while, where it asked for %s, and others are served",
    async (_case, method, request) => {
      const stream = call(method, request);
      await new Promise((resolve) => stream.once("close", resolve));
      expect(stream.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
      await expect(server.client.ping({ text: "others" })).resolves.toMatchObject({ text: "others" });
    },
    20_000,
  );
});
