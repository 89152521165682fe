import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Status, type ServiceImplementation } from "@rollcall/rpc";
import { PingRequest, PingResponse, PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { connectRawClient, grpcFrame, type RawClient } from "./raw-client.js";
import { startTestServer, type TestServer } from "./start-test-server.js";

const mebibyte = 1024 * 1024;
const limitBytes = 4 * mebibyte;
const paths = {
  ping: "/ping.v1.PingService/Ping",
  count: "/ping.v1.PingService/Count",
  collect: "/ping.v1.PingService/Collect",
  echo: "/ping.v1.PingService/Echo",
};
const message = Buffer.from(PingRequest.encode({ text: "hello", values: undefined }).finish());
const whole = grpcFrame(message);

/** A request of exactly so many bytes. */
function requestOf(bytes: number): Buffer {
  const headBytes = 1 + 4; // the key of the field, and a length of four bytes
  const request = PingRequest.encode({ text: "x".repeat(bytes - headBytes), values: undefined }).finish();
  expect(request).toHaveLength(bytes);
  return Buffer.from(request);
}

describe("a server that is sent faulty requests", () => {
  let server: TestServer<typeof PingServiceDefinition>;
  let raw: RawClient;
  let runs: string[];

  beforeEach(async () => {
    runs = [];
    const service = createPingService();
    const counting: ServiceImplementation<typeof PingServiceDefinition> = {
      ping: (request, call) => (runs.push("ping"), service.ping(request, call)),
      count: (request, call) => (runs.push("count"), service.count(request, call)),
      async collect(requests, call) {
        const answer = await service.collect(requests, call);
        runs.push("collect");
        return answer;
      },
      async *echo(requests, call) {
        yield* service.echo(requests, call);
        runs.push("echo");
      },
    };
    server = await startTestServer(PingServiceDefinition, counting);
    raw = await connectRawClient(server.address);
  });

  afterEach(async () => {
    expect(runs).toEqual([]);
    await expect(server.client.ping({ text: "still here" })).resolves.toMatchObject({ text: "still here" });
    await raw[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  describe.each([
    ["the flag alone", Buffer.from([0])],
    ["half a length", whole.subarray(0, 3)],
    ["a length without its message", whole.subarray(0, 5)],
    ["half a message", whole.subarray(0, 8)],
  ])("a request that ends after %s", (_case, piece) => {
    test.each(["ping", "count", "collect", "echo"] as const)("is INTERNAL for %s", async (name) => {
      const { grpcStatus, grpcMessage } = await raw.call(paths[name], { body: [piece] });
      expect([grpcStatus, grpcMessage]).toEqual([Status.INTERNAL, "the last request is incomplete"]);
    });

    test.each(["collect", "echo"] as const)("is INTERNAL after whole ones, too, for %s", async (name) => {
      const { grpcStatus, grpcMessage } = await raw.call(paths[name], { body: [whole, whole, piece] });
      expect([grpcStatus, grpcMessage]).toEqual([Status.INTERNAL, "the last request is incomplete"]);
    });
  });

  test.each(["ping", "count"] as const)("no request and two requests are UNIMPLEMENTED for %s", async (name) => {
    const none = await raw.call(paths[name]);
    const two = await raw.call(paths[name], { body: [whole, whole] });
    expect([none.grpcStatus, two.grpcStatus]).toEqual([Status.UNIMPLEMENTED, Status.UNIMPLEMENTED]);
  });

  test.each([
    ["a field that never ends", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
    ["a number that never ends", Buffer.alloc(20, 0xff)],
    ["a text that is longer than the message", Buffer.from([0x0a, 0x7f, 0x41])],
  ])("bytes that are no message are INTERNAL, and nothing is said of the parser: %s", async (_case, bytes) => {
    for (const name of ["ping", "count", "collect", "echo"] as const) {
      const { grpcStatus, grpcMessage } = await raw.call(paths[name], { body: [grpcFrame(bytes)] });
      expect([grpcStatus, grpcMessage]).toEqual([Status.INTERNAL, "Error deserializing request"]);
    }
  });

  test.each([
    ["garbage", Buffer.from("this was never compressed")],
    ["the beginning of something", gzipSync(message).subarray(0, 12)],
    ["nothing at all", Buffer.alloc(0)],
  ])("gzip that is %s is INTERNAL", async (_case, bytes) => {
    const body = [grpcFrame(bytes, { compressed: true })];
    const { grpcStatus } = await raw.call(paths.ping, { body, headers: { "grpc-encoding": "gzip" } });
    expect(grpcStatus).toBe(Status.INTERNAL);
  });

  test("gzip of a gigabyte is RESOURCE_EXHAUSTED, and takes no memory", async () => {
    const member = gzipSync(Buffer.alloc(16 * mebibyte));
    const bomb = grpcFrame(Buffer.concat(Array.from({ length: 64 }, () => member)), { compressed: true });
    const call = () => raw.call(paths.ping, { body: [bomb], headers: { "grpc-encoding": "gzip" } });
    await call();
    const before = process.memoryUsage.rss();
    const { grpcStatus } = await call();
    expect(grpcStatus).toBe(Status.RESOURCE_EXHAUSTED);
    expect((process.memoryUsage.rss() - before) / mebibyte).toBeLessThan(16);
  });

  test("an encoding that nobody knows is UNIMPLEMENTED", async () => {
    const body = [grpcFrame(message, { compressed: true })];
    const { grpcStatus } = await raw.call(paths.ping, { body, headers: { "grpc-encoding": "br" } });
    expect(grpcStatus).toBe(Status.UNIMPLEMENTED);
  });

  test.each([
    ["one byte over the limit", grpcFrame(Buffer.alloc(0), { lengthBytes: limitBytes + 1 })],
    ["four gigabytes", grpcFrame(Buffer.alloc(0), { lengthBytes: 0xffffffff })],
  ])("a message that says it is %s is RESOURCE_EXHAUSTED before it arrives", async (_case, piece) => {
    for (const name of ["ping", "count", "collect", "echo"] as const) {
      const { grpcStatus } = await raw.call(paths[name], { body: [piece] });
      expect(grpcStatus).toBe(Status.RESOURCE_EXHAUSTED);
    }
  });

  test("a method that does not exist is UNIMPLEMENTED", async () => {
    for (const path of ["/ping.v1.PingService/Pong", "/other.v1.Service/Ping", `/${"x".repeat(8_000)}`]) {
      const { httpStatus, grpcStatus, grpcMessage } = await raw.call(path, { body: [whole] });
      expect([httpStatus, grpcStatus]).toEqual([200, Status.UNIMPLEMENTED]);
      expect(grpcMessage).toBe("the server does not have this method");
    }
  });

  test.each([
    ["the method of HTTP is GET", { ":method": "GET" }, 405],
    ["nothing is said about trailers", { te: undefined }, 400],
  ])("what is no gRPC is answered by HTTP's status where %s", async (_case, headers, status) => {
    const body = ":method" in headers ? [] : [whole];
    const { httpStatus, grpcStatus } = await raw.call(paths.ping, { body, headers });
    expect([httpStatus, grpcStatus]).toEqual([status, undefined]);
  });

  test.each(["abc", "", "5", "-1S", "1.5S", "1 S", "123456789m", "1S, 2S"])(
    "a grpc-timeout of %p is INTERNAL",
    async (timeout) => {
      const { grpcStatus } = await raw.call(paths.ping, { body: [whole], headers: { "grpc-timeout": timeout } });
      expect(grpcStatus).toBe(Status.INTERNAL);
    },
  );

  test.each(["application/json", "application/grpc-web", "application/grpc-web+proto", "application/grpcx", undefined])(
    "a content type of %p is answered by HTTP's 415",
    async (contentType) => {
      const { httpStatus } = await raw.call(paths.ping, { body: [whole], headers: { "content-type": contentType } });
      expect(httpStatus).toBe(415);
    },
  );
});

describe("a server that is sent requests just within bounds", () => {
  test("answers a message of the largest size", async () => {
    const { collect, ...service } = createPingService();
    await using server = await startTestServer(PingServiceDefinition, {
      ...service,
      collect,
      ping: ({ text }) => Promise.resolve({ text: String(text.length), values: undefined }),
    });
    await using raw = await connectRawClient(server.address);
    const { grpcStatus, body } = await raw.call(paths.ping, { body: [grpcFrame(requestOf(limitBytes))] });
    expect(grpcStatus).toBe(Status.OK);
    expect(PingResponse.decode(body.subarray(5)).text).toBe(String(limitBytes - 5));
  });

  test("answers compressed messages, also when they come byte by byte", async () => {
    await using server = await startTestServer(PingServiceDefinition, createPingService());
    await using raw = await connectRawClient(server.address);
    const frame = grpcFrame(gzipSync(message), { compressed: true });
    const pieces = Array.from(frame, (byte) => Buffer.from([byte]));
    const answer = await raw.call(paths.ping, { body: pieces, headers: { "grpc-encoding": "gzip" } });
    expect(answer.grpcStatus).toBe(Status.OK);
    expect(PingResponse.decode(answer.body.subarray(5)).text).toBe("hello");
  });
});
