import { describe, expect, test } from "@jest/globals";
import {
  createClient,
  Metadata,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, failCalls, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { overdueSoon } from "../../overdue-soon.fixture.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { requestId, requestIdOf, type RequestIdOptions } from "./request-id.js";

/** A server whose handlers are told ids, and what the ids were. */
async function start(
  options: RequestIdOptions = {},
  service: ServiceImplementation<PingServiceDefinition> = createPingService(),
  inner: readonly ServerInterceptor[] = [],
) {
  const ids: (string | undefined)[] = [];
  const ends: unknown[] = [];
  const note: ServerInterceptor = () => async (call, next) => {
    ids.push(requestIdOf(call));
    await next().finally(() => ends.push(requestIdOf(call)));
  };
  const interceptors = [requestId({ createId: () => "made-1", ...options }), note, ...inner];
  const server = await startTestServer(PingServiceDefinition, service, {
    interceptors,
    onUnexpectedError: () => undefined,
  });
  return { server, ids, ends };
}

/** The id in the trailer of a call, and what became of the call. */
async function trailerOf(makeCall: (options: { onTrailer: (trailer: Metadata) => void }) => Promise<unknown>) {
  let trailer = new Metadata();
  const outcome = await makeCall({ onTrailer: (received) => (trailer = received) }).catch((error: unknown) => error);
  return { id: trailer.get("x-request-id"), outcome };
}

describe("requestId on the server", () => {
  test.each(everyKind)("gives a %s call an id, which the handler and the client see", async (_kind, makeCall) => {
    const { server, ids } = await start();
    await using _stop = server;
    await expect(trailerOf((options) => makeCall(server.client, options))).resolves.toMatchObject({ id: "made-1" });
    expect(ids).toEqual(["made-1"]);
  });

  test.each(everyKind)("tells the id in the error of a %s call, and in its trailer", async (_kind, makeCall) => {
    const { server } = await start({}, createPingService(), [failCalls(new StatusError(Status.NOT_FOUND, "none"))]);
    await using _stop = server;
    const { id, outcome } = await trailerOf((options) => makeCall(server.client, options));
    expect(id).toBe("made-1");
    expect(outcome).toMatchObject({
      code: Status.NOT_FOUND,
      details: "none",
      errorDetails: { requestInfo: { requestId: "made-1", servingData: "" } },
    });
  });

  test.each([
    ["letters, digits and . _ : -", "aZ09._:-"],
    ["one character", "a"],
    ["128 characters", "a".repeat(128)],
    ["a UUID", "8e2b3a52-6d6c-4e44-8f0d-0c5c4b6a1f11"],
  ])("takes an id of %s from the client", async (_case, sent) => {
    const { server, ids } = await start();
    await using _stop = server;
    await server.client.ping({}, { metadata: { "x-request-id": sent } });
    expect(ids).toEqual([sent]);
  });

  test.each([
    ["no characters", ""],
    ["129 characters", "a".repeat(129)],
    ["a space", "a b"],
    ["a quote", 'a"b'],
    ["a backslash", String.raw`a\nb`],
    ["a slash", "../a"],
    ["two ids", ["a", "b"]],
  ])("makes a new id in place of one of %s", async (_case, sent) => {
    const { server, ids } = await start();
    await using _stop = server;
    const metadata = { "x-request-id": sent };
    await expect(trailerOf((options) => server.client.ping({}, { ...options, metadata }))).resolves.toMatchObject({
      id: "made-1",
    });
    expect(ids).toEqual(["made-1"]);
  });

  test("makes a new id in place of one in bytes", async () => {
    const { server, ids } = await start();
    await using _stop = server;
    await server.client.ping({}, { metadata: { "x-request-id-bin": new Uint8Array([97]) } });
    expect(ids).toEqual(["made-1"]);
  });

  test.each([
    ["none", false, "sent", "made-1"],
    ["one that matches a pattern", /^s/, "sent", "sent"],
    ["none that does not match it", /^t/, "sent", "made-1"],
    ["none that matches it and is too long", /^s/, "s".repeat(129), "made-1"],
  ])("takes %s where it is told so", async (_case, accept, sent, expected) => {
    const { server, ids } = await start({ accept });
    await using _stop = server;
    await server.client.ping({}, { metadata: { "x-request-id": sent } });
    expect(ids).toEqual([expected]);
  });

  test.each(["g", "y"])("refuses a pattern with the flag %s", (flag) => {
    expect(() => requestId({ accept: new RegExp("a", flag) })).toThrow(
      new TypeError(`accept is /a/${flag}; it takes a pattern without the flags "g" and "y"`),
    );
  });

  test("makes a random UUID by itself", async () => {
    const { server, ids } = await start({ createId: undefined });
    await using _stop = server;
    await server.client.ping({});
    await server.client.ping({});
    expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  test("keeps all else that the error says", async () => {
    const error = new StatusError(Status.RESOURCE_EXHAUSTED, "too many", {
      errorDetails: { errorInfo: { reason: "RATE_LIMITED", domain: "example", metadata: { limit: "3" } } },
      retryDelayMs: 1_500,
    });
    const { server } = await start({}, createPingService(), [failCalls(error)]);
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({
      code: Status.RESOURCE_EXHAUSTED,
      details: "too many",
      retryDelayMs: 1_500,
      errorDetails: {
        errorInfo: { reason: "RATE_LIMITED", domain: "example", metadata: { limit: "3" } },
        requestInfo: { requestId: "made-1" },
      },
    });
  });

  test.each([
    ["a cause", { cause: "the disk" }, { cause: "the disk" }],
    ["no cause", {}, {}],
  ])("hands an error with %s to the interceptors further out", async (_case, options, expected) => {
    const seen: unknown[] = [];
    const watch: ServerInterceptor = () => (_call, next) =>
      next().catch((error: unknown) => {
        seen.push(error);
        throw error;
      });
    const fail = failCalls(new StatusError(Status.ABORTED, "again", options));
    const interceptors = [watch, requestId(), fail];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.ABORTED });
    expect(seen).toEqual([expect.objectContaining(expected)]);
    expect("cause" in Object(seen[0])).toBe("cause" in expected);
  });

  test("leaves an error alone that tells an id already", async () => {
    const errorDetails = { requestInfo: { requestId: "other", servingData: "s" } };
    const fail = failCalls(new StatusError(Status.ABORTED, "again", { errorDetails }));
    const { server } = await start({}, createPingService(), [fail]);
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ errorDetails });
  });

  test.each([
    ["an error of another kind", new Error("secret")],
    ["a status received from another server", new StatusError(Status.NOT_FOUND, "secret", { received: true })],
  ])("does not make %s fit for clients", async (_case, error) => {
    const { server } = await start({}, { ...createPingService(), ping: () => Promise.reject(error) });
    await using _stop = server;
    const { id, outcome } = await trailerOf((options) => server.client.ping({}, options));
    expect(id).toBe("made-1");
    expect(outcome).toMatchObject({ code: Status.INTERNAL, details: "the server failed unexpectedly" });
  });

  test.each(everyKind)("keeps the id of a %s call to its end when it is cancelled", async (_kind, makeCall) => {
    const { service, began } = createWaitingService();
    const { server, ends } = await start({}, service);
    await using _stop = server;
    const cancellation = new AbortController();
    const call = expect(makeCall(server.client, { signal: cancellation.signal })).rejects.toMatchObject({
      code: Status.CANCELLED,
    });
    await began;
    cancellation.abort();
    await call;
    await until(() => ends.length === 1);
    expect(ends).toEqual(["made-1"]);
  });

  test.each(everyKind)("keeps the id of a %s call to its end at its deadline", async (_kind, makeCall) => {
    const { server, ends } = await start({}, createWaitingService().service, [overdueSoon]);
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
    await until(() => ends.length === 1);
    expect(ends).toEqual(["made-1"]);
  });

  test("keeps the id of a call to its end when the connection breaks", async () => {
    const { service, began } = createWaitingService();
    const { server, ends } = await start({}, service);
    await using _stop = server;
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const call = expect(createClient(PingServiceDefinition, channel).collect(silence())).rejects.toMatchObject({
      code: Status.UNAVAILABLE,
    });
    await began;
    proxy.cut();
    await call;
    await until(() => ends.length === 1);
    expect(ends).toEqual(["made-1"]);
  });
});
