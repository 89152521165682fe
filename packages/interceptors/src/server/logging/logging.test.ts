import { describe, expect, jest, test } from "@jest/globals";
import { createClient, methodOf, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, dropAfter, failCalls, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { pino } from "pino";
import { all, everyKind, silence } from "../../every-kind.fixture.js";
import { setCallTrace } from "../../trace-context.js";
import { until } from "../../until.fixture.js";
import { overdueSoon } from "../../overdue-soon.fixture.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { setCaller } from "../caller.js";
import { createLines, parsed, serverLoggerOptions } from "./lines.fixture.js";
import { logging, type LoggingOptions } from "./logging.js";
import { firstOf, startLogging } from "./start-logging.fixture.js";

const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);

describe("logging on the server", () => {
  test.each([
    ["unary", "Ping", { requests: 1, requestBytes: 3, responses: 1, responseBytes: 3 }],
    ["serverStreaming", "Count", { requests: 1, requestBytes: 2, responses: 2, responseBytes: 4 }],
    ["clientStreaming", "Collect", { requests: 2, requestBytes: 6, responses: 1, responseBytes: 6 }],
    ["bidiStreaming", "Echo", { requests: 2, requestBytes: 6, responses: 2, responseBytes: 6 }],
  ] as const)("writes one line when a %s call has succeeded", async (kind, name, traffic) => {
    const clock = [1_000, 1_012.3456];
    const { server, lines } = await startLogging({ now: () => clock.shift() ?? Number.NaN });
    await using _stop = server;
    const makeCall = new Map(everyKind).get(kind);
    await makeCall?.(server.client);
    await expect(firstOf(lines)).resolves.toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      method: `/ping.v1.PingService/${name}`,
      kind,
      status: "OK",
      durationMs: 12.346,
      requestId: "made-1",
      peer: "127.0.0.1",
      ...traffic,
      msg: "call ended",
    });
    expect(lines).toHaveLength(1);
  });

  test.each(everyKind)("tells the status and the reason of a %s call that fails", async (kind, makeCall) => {
    const errorDetails = { errorInfo: { reason: "USER_NOT_FOUND", domain: "example", metadata: { id: "secret" } } };
    const error = new StatusError(Status.NOT_FOUND, "secret", { errorDetails });
    const { server, lines } = await startLogging({ inner: [failCalls(error)] });
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.NOT_FOUND });
    await expect(firstOf(lines)).resolves.toMatchObject({
      level: "info",
      kind,
      status: "NOT_FOUND",
      reason: "USER_NOT_FOUND",
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("secret");
  });

  test.each([
    ["an error that nobody foresaw", new Error("secret")],
    ["a status received from another server", new StatusError(Status.NOT_FOUND, "secret", { received: true })],
    ["nothing at all", undefined],
  ])("takes %s for INTERNAL, without recovery as well", async (_case, error) => {
    const { logger, lines } = createLines();
    const failWith =
      (failure: Error): ServerInterceptor =>
      () =>
      () =>
        Promise.reject(failure);
    const interceptors = [logging({ logger }), failWith(error as Error)]; // anything can be thrown
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors,
      onUnexpectedError: () => undefined,
    });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.INTERNAL });
    await expect(firstOf(lines)).resolves.toMatchObject({ level: "error", status: "INTERNAL" });
    expect(lines[0]).not.toContain("secret");
  });

  test.each(everyKind)("tells of a %s call that its client cancels", async (kind, makeCall) => {
    const { service, began } = createWaitingService();
    const { server, lines } = await startLogging({ service });
    await using _stop = server;
    const cancellation = new AbortController();
    const call = expect(makeCall(server.client, { signal: cancellation.signal })).rejects.toMatchObject({
      code: Status.CANCELLED,
    });
    await began;
    cancellation.abort();
    await call;
    await expect(firstOf(lines)).resolves.toMatchObject({
      level: "info",
      kind,
      status: "CANCELLED",
      peer: "127.0.0.1",
    });
    expect(lines).toHaveLength(1);
  });

  test.each(everyKind)("tells of a %s call whose deadline passes", async (kind, makeCall) => {
    const { server, lines } = await startLogging({ service: createWaitingService().service, inner: [overdueSoon] });
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    await expect(firstOf(lines)).resolves.toMatchObject({ level: "warn", kind, status: "DEADLINE_EXCEEDED" });
    expect(lines).toHaveLength(1);
  });

  test("tells of a call whose connection breaks, and still where it came from", async () => {
    const { service, began } = createWaitingService();
    const { logger, lines } = createLines();
    const interceptors = [logging({ logger })];
    await using server = await startTestServer(PingServiceDefinition, service, { interceptors });
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const call = expect(createClient(PingServiceDefinition, channel).collect(silence())).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
    });
    await began;
    proxy.cut();
    await call;
    await expect(firstOf(lines)).resolves.toMatchObject({ status: "CANCELLED", peer: "127.0.0.1", requests: 0 });
  });

  test("counts what travelled before a stream broke off", async () => {
    const { server, lines } = await startLogging({ inner: [dropAfter(2)] });
    await using _stop = server;
    await expect(all(server.client.count({ to: 5 }))).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await expect(firstOf(lines)).resolves.toMatchObject({ level: "warn", status: "UNAVAILABLE", responses: 2 });
  });

  test("tells who called and in which trace, as it turned out further in", async () => {
    const signIn: ServerInterceptor = () => (call, next) => {
      setCaller(call, { subject: "user-1", roles: [], credential: "token" });
      setCallTrace(call, { traceId: "a1".repeat(16), spanId: "b2".repeat(8), sampled: true, traceState: undefined });
      return next();
    };
    const { server, lines } = await startLogging({ inner: [signIn] });
    await using _stop = server;
    await server.client.ping({}, { metadata: { "x-forwarded-for": "192.0.2.1", "x-request-id": "sent-1" } });
    await expect(firstOf(lines)).resolves.toMatchObject({
      user: "user-1",
      traceId: "a1".repeat(16),
      peer: "192.0.2.1",
      requestId: "sent-1",
    });
  });

  test("leaves out what nobody knows", async () => {
    const { logger, lines } = createLines();
    const interceptors = [logging({ logger })];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
    await server.client.ping({});
    const line = await firstOf(lines);
    expect(line).not.toHaveProperty("requestId");
    expect(line).not.toHaveProperty("traceId");
    expect(line).not.toHaveProperty("user");
    expect(line).not.toHaveProperty("reason");
  });

  test("writes a line of its own when a call begins, at debug", async () => {
    const { server, lines } = await startLogging({ level: "debug" });
    await using _stop = server;
    await server.client.ping({ text: "secret" });
    await until(() => lines.length === 2);
    expect(parsed(lines)).toEqual([
      {
        level: "debug",
        time: expect.any(String),
        method: ping.path,
        kind: "unary",
        requestId: "made-1",
        peer: "127.0.0.1",
        msg: "call began",
      },
      expect.objectContaining({ level: "info", msg: "call ended" }),
    ]);
  });

  test.each([
    ["error", []],
    ["warn", []],
    ["info", ["call ended"]],
  ])("heeds the level %s of the logger", async (level, texts) => {
    const { server, lines } = await startLogging({ level });
    await using _stop = server;
    await server.client.ping({});
    await server.client.ping({}, { metadata: { "x-request-id": "last" } });
    expect(parsed(lines)).toEqual(texts.flatMap((msg) => [msg, msg]).map((msg) => expect.objectContaining({ msg })));
  });

  test("does nothing for a call while no line of it could be heard", async () => {
    const now = jest.fn(() => 0);
    const { server, logger, lines } = await startLogging({ level: "silent", now });
    await using _stop = server;
    await server.client.ping({});
    expect(now).not.toHaveBeenCalled();
    logger.level = "info";
    await server.client.ping({});
    await expect(firstOf(lines)).resolves.toMatchObject({ status: "OK" });
  });

  test("asks for the level of each status and method", async () => {
    const levelOf: LoggingOptions["levelOf"] = (status, { kind }) => {
      if (kind !== "unary") {
        return undefined;
      }
      return status === Status.OK ? "debug" : "error";
    };
    const { server, lines } = await startLogging({
      level: "debug",
      levelOf,
      inner: [failCalls(new StatusError(Status.ABORTED, "a"), { times: 1 })],
    });
    await using _stop = server;
    await server.client.collect([]).catch(() => undefined);
    await server.client.ping({});
    await until(() => lines.length === 2);
    expect(parsed(lines)).toEqual([
      expect.objectContaining({ level: "debug", msg: "call began" }),
      expect.objectContaining({ level: "debug", msg: "call ended", status: "OK" }),
    ]);
  });

  test("leaves out a method of which no line is wanted", () => {
    const { logger } = createLines();
    expect(logging({ logger, levelOf: () => undefined })(ping)).toBeUndefined();
  });

  test.each([
    [0.25, [0.1, 0.25, 0.9, 0.2], 2],
    [0, [0, 0.5], 0],
    [1, [0, 0.99], 2],
  ])("writes down a share of %s of the calls that succeed", async (sampleRate, numbers, written) => {
    let drawn = 1;
    const { server, lines } = await startLogging({ sampleRate, random: () => drawn });
    await using _stop = server;
    for (const number of numbers) {
      drawn = number;
      await server.client.ping({});
    }
    expect(lines).toHaveLength(written);
  });

  test("writes down every call that fails, whatever the share", async () => {
    const { server, lines } = await startLogging({
      sampleRate: 0,
      inner: [failCalls(new StatusError(Status.ABORTED, "a"))],
    });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.ABORTED });
    await expect(firstOf(lines)).resolves.toMatchObject({ level: "warn", status: "ABORTED" });
  });

  test.each([-0.1, 1.1, Number.NaN])("refuses a share of %s", (sampleRate) => {
    const { logger } = createLines();
    expect(() => logging({ logger, sampleRate })).toThrow(
      new TypeError(`sampleRate is ${String(sampleRate)}; it takes a share from 0 to 1`),
    );
  });

  test("does not fail calls whose lines cannot be written", async () => {
    let refused = 0;
    const refuse = (): never => {
      refused++;
      throw new Error("the disk is full");
    };
    const redact = new Map([[ping.path, { request: (message: unknown) => message }]]);
    const logger = pino({ ...serverLoggerOptions, level: "trace" }, { write: refuse });
    const interceptors = [logging({ logger, redact })];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    await expect(server.client.ping({ text: "b" })).resolves.toMatchObject({ text: "b" });
    expect(refused).toBe(6);
  });
});
