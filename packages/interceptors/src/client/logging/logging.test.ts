import { describe, expect, test } from "@jest/globals";
import {
  type ClientInterceptor,
  createClient,
  methodOf,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, dropAfter, failCalls, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { pino } from "pino";
import { all, everyKind, silence } from "../../every-kind.fixture.js";
import { overdueSoon } from "../../overdue-soon.fixture.js";
import { createWaitingService } from "../../server/waiting-service.fixture.js";
import { requestId } from "../request-id/request-id.js";
import { type ClientLogger, logging, type LoggingOptions } from "./logging.js";

type Line = readonly [level: string, fields: object, text: string];

interface Setup extends Partial<LoggingOptions> {
  readonly service?: ServiceImplementation<PingServiceDefinition>;
  readonly serverInterceptors?: readonly ServerInterceptor[];
  readonly inner?: readonly ClientInterceptor[];
}

/** A client that logs, and the lines that it writes. */
async function start({ service = createPingService(), serverInterceptors, inner = [], ...options }: Setup = {}) {
  const lines: Line[] = [];
  const logger: ClientLogger = {
    debug: (fields, text) => lines.push(["debug", fields, text]),
    info: (fields, text) => lines.push(["info", fields, text]),
    warn: (fields, text) => lines.push(["warn", fields, text]),
    error: (fields, text) => lines.push(["error", fields, text]),
  };
  const clientInterceptors = [requestId({ createId: () => "made-1" }), logging({ logger, ...options }), ...inner];
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors: serverInterceptors,
    clientInterceptors,
  });
  return { server, lines, clientInterceptors };
}

const lineWith = (level: string, fields: object) => [level, expect.objectContaining(fields), "call ended"];

describe("logging on the client", () => {
  test.each([
    ["unary", "Ping", { requests: 1, requestBytes: 3, responses: 1, responseBytes: 3 }],
    ["serverStreaming", "Count", { requests: 1, requestBytes: 2, responses: 2, responseBytes: 4 }],
    ["clientStreaming", "Collect", { requests: 2, requestBytes: 6, responses: 1, responseBytes: 6 }],
    ["bidiStreaming", "Echo", { requests: 2, requestBytes: 6, responses: 2, responseBytes: 6 }],
  ] as const)("writes one line when a %s call has succeeded", async (kind, name, traffic) => {
    const clock = [1_000, 1_012.3456];
    const { server, lines } = await start({ now: () => clock.shift() ?? Number.NaN });
    await using _stop = server;
    await new Map(everyKind).get(kind)?.(server.client);
    const method = `/ping.v1.PingService/${name}`;
    const line = { method, kind, status: "OK", durationMs: 12.346, requestId: "made-1", ...traffic };
    expect(lines).toEqual([["info", line, "call ended"]]);
  });

  test.each(everyKind)("tells the status and the reason of a %s call that fails", async (kind, makeCall) => {
    const errorDetails = { errorInfo: { reason: "USER_NOT_FOUND", domain: "example", metadata: { id: "secret" } } };
    const error = new StatusError(Status.NOT_FOUND, "secret", { errorDetails });
    const { server, lines } = await start({ serverInterceptors: [failCalls(error)] });
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.NOT_FOUND });
    expect(lines).toEqual([lineWith("info", { kind, status: "NOT_FOUND", reason: "USER_NOT_FOUND" })]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  test.each(everyKind)("tells of a %s call that is cancelled", async (kind, makeCall) => {
    const { service, began } = createWaitingService();
    const { server, lines } = await start({ service });
    await using _stop = server;
    const cancellation = new AbortController();
    const call = expect(makeCall(server.client, { signal: cancellation.signal })).rejects.toMatchObject({
      code: Status.CANCELLED,
    });
    await began;
    cancellation.abort();
    await call;
    expect(lines).toEqual([lineWith("info", { kind, status: "CANCELLED" })]);
  });

  test.each(everyKind)("tells of a %s call whose deadline passes", async (kind, makeCall) => {
    const { server, lines } = await start({
      service: createWaitingService().service,
      serverInterceptors: [overdueSoon],
    });
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(lines).toEqual([lineWith("warn", { kind, status: "DEADLINE_EXCEEDED" })]);
  });

  test("tells of a call whose connection breaks", async () => {
    const { service, began } = createWaitingService();
    const { server, lines, clientInterceptors } = await start({ service });
    await using _stop = server;
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const client = createClient(PingServiceDefinition, channel, { interceptors: clientInterceptors });
    const call = expect(client.collect(silence())).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await began;
    proxy.cut();
    await call;
    expect(lines).toEqual([lineWith("warn", { status: "UNAVAILABLE", requests: 0, responses: 0 })]);
  });

  test("counts what travelled before a stream broke off", async () => {
    const { server, lines } = await start({ serverInterceptors: [dropAfter(2)] });
    await using _stop = server;
    await expect(all(server.client.count({ to: 5 }))).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    expect(lines).toEqual([lineWith("warn", { status: "UNAVAILABLE", responses: 2 })]);
  });

  test("takes for UNKNOWN what is no status", async () => {
    const fail: ClientInterceptor = () => () => Promise.reject(new Error("secret"));
    const { server, lines } = await start({ inner: [fail] });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toThrow("secret");
    expect(lines).toEqual([lineWith("error", { status: "UNKNOWN", reason: undefined })]);
  });

  test("asks for the level of each status and method", async () => {
    const levelOf: LoggingOptions["levelOf"] = (status, { kind }) =>
      kind === "unary" && status === Status.OK ? "debug" : undefined;
    const { server, lines } = await start({
      levelOf,
      serverInterceptors: [failCalls(new StatusError(Status.ABORTED, "again"), { times: 1 })],
    });
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.ABORTED });
    await server.client.ping({});
    await server.client.collect([]);
    expect(lines).toEqual([lineWith("debug", { status: "OK" })]);
  });

  test("leaves out a method of which no line is wanted", () => {
    const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
    expect(logging({ logger: console, levelOf: () => undefined })(ping)).toBeUndefined();
  });

  test("does not fail calls whose lines cannot be written", async () => {
    const refuse = () => {
      throw new Error("no log");
    };
    const { server } = await start({ logger: { debug: refuse, info: refuse, warn: refuse, error: refuse } });
    await using _stop = server;
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
  });

  test("writes through pino, and asks nothing of it but lines", async () => {
    const written: string[] = [];
    const { server } = await start({ logger: pino({}, { write: (line: string) => written.push(line) }) });
    await using _stop = server;
    await server.client.ping({});
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ level: 30, status: "OK", requestId: "made-1", msg: "call ended" }),
    ]);
  });
});
