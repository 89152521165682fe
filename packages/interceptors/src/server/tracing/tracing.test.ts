import { describe, expect, jest, test } from "@jest/globals";
import * as api from "@opentelemetry/api";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace-base";
import { type ServerCall, type ServerInterceptor, Status } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyEnding } from "../../every-ending.fixture.js";
import { all, everyKind } from "../../every-kind.fixture.js";
import { createBaggagePropagator } from "../../tracing/baggage-propagator.fixture.js";
import { createTestTracing } from "../../tracing/test-tracing.fixture.js";
import { until } from "../../until.fixture.js";
import { type OpenTelemetryApi, type ServerTracingOptions, spanOf, traceContextOf, tracing } from "./tracing.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const recorded = { traceparent: `00-${traceId}-${spanId}-01` };
const unrecorded = { traceparent: `00-${traceId}-${spanId}-00` };

const names = { unary: "Ping", serverStreaming: "Count", clientStreaming: "Collect", bidiStreaming: "Echo" } as const;

const start = async (given: Partial<ServerTracingOptions> = {}, test = createTestTracing()) => {
  const calls: ServerCall[] = [];
  const noteCall: ServerInterceptor = () => (call, next) => {
    calls.push(call);
    return next();
  };
  const server = await startTestServer(PingServiceDefinition, createPingService(), {
    interceptors: [tracing({ ...test.options, ...given }), noteCall],
  });
  return { server, calls, ...test };
};

describe("tracing on a server", () => {
  describe.each(everyKind)("records a %s call", (kind, makeCall) => {
    test.each(everyEnding)("that %s", async (_case, { onServer, bringToEnd }) => {
      const { options, spans } = createTestTracing();
      await bringToEnd(makeCall, { interceptors: [tracing(options)] });
      const status =
        onServer === Status.OK
          ? { code: api.SpanStatusCode.UNSET }
          : { code: api.SpanStatusCode.ERROR, message: Status[onServer] };
      expect(spans()).toEqual([
        expect.objectContaining({
          name: `Recv.ping.v1.PingService.${names[kind]}`,
          kind: "SERVER",
          status,
          attributes: {
            "rpc.system": "grpc",
            "rpc.service": "ping.v1.PingService",
            "rpc.method": names[kind],
            "rpc.grpc.status_code": onServer,
          },
        }),
      ]);
      expect(JSON.stringify(spans())).not.toContain("secret");
    });
  });

  test("carries on the trace of the client", async () => {
    const { server, calls, spans } = await start();
    await using _stop = server;
    await server.client.ping({}, { metadata: { ...recorded, tracestate: "congo=t61rcWkgMzE" } });
    await until(() => spans().length === 1);
    const [span] = spans();
    expect(span).toMatchObject({ traceId, parentId: spanId, traceState: "congo=t61rcWkgMzE" });
    expect(calls.map(traceContextOf)).toEqual([
      expect.objectContaining({ traceId, spanId: span?.spanId, sampled: true, traceState: "congo=t61rcWkgMzE" }),
    ]);
    expect(calls.map((call) => spanOf(call)?.spanContext().spanId)).toEqual([span?.spanId]);
  });

  test("begins a trace for a call without one", async () => {
    const { server, spans } = await start();
    await using _stop = server;
    await server.client.ping({});
    await until(() => spans().length === 1);
    expect(spans()).toEqual([expect.objectContaining({ parentId: undefined })]);
  });

  test.each([
    ["text that is none", "bogus"],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${spanId}-01`],
    ["more than version 00 has", `${recorded.traceparent}-more`],
    ["version ff", `ff${recorded.traceparent.slice(2)}`],
  ])("begins a trace for a call whose traceparent is %s", async (_case, traceparent) => {
    const { server, spans } = await start();
    await using _stop = server;
    await expect(
      server.client.ping({ text: "a" }, { metadata: { traceparent, tracestate: "congo=1" } }),
    ).resolves.toMatchObject({ text: "a" });
    await until(() => spans().length === 1);
    expect(spans()).toEqual([expect.objectContaining({ parentId: undefined, traceState: undefined })]);
    expect(spans()[0]?.traceId).not.toBe(traceId);
  });

  test("survives a tracestate that is none", async () => {
    const { server, spans } = await start();
    await using _stop = server;
    await server.client.ping({}, { metadata: { ...recorded, tracestate: "=,===;;;  congo" } });
    await until(() => spans().length === 1);
    expect(spans()).toEqual([expect.objectContaining({ traceId, parentId: spanId })]);
  });

  test("asks OpenTelemetry for nothing where the client does not record, and keeps the trace", async () => {
    const { server, calls, starts } = await start();
    await using _stop = server;
    await server.client.ping({}, { metadata: { ...unrecorded, tracestate: "congo=1" } });
    expect(starts()).toBe(0);
    expect(calls.map(traceContextOf)).toEqual([{ traceId, spanId, sampled: false, traceState: "congo=1" }]);
    expect(calls.map(spanOf)).toEqual([undefined]);
  });

  test("records the share of the traces that begin here which it is given", async () => {
    const numbers = [0, 0.009, 0.01, 0.999];
    const random = () => numbers.shift() ?? 0.5; // later numbers make ids
    const { server, calls, starts } = await start({ sampleRatio: 0.01, random });
    await using _stop = server;
    for (let call = 0; call < 4; call++) {
      await server.client.ping({});
    }
    expect(starts()).toBe(2);
    expect(calls.map((call) => traceContextOf(call)?.sampled)).toEqual([true, true, false, false]);
    expect(calls.map((call) => traceContextOf(call)?.traceId)).toEqual(
      Array(4).fill(expect.stringMatching(/^[0-9a-f]{32}$/)),
    );
  });

  test("records what the client records, whatever share is given", async () => {
    const { server, starts } = await start({ sampleRatio: 0 });
    await using _stop = server;
    await server.client.ping({}, { metadata: recorded });
    expect(starts()).toBe(1);
  });

  test("leaves the decision to the sampler of the provider by default", async () => {
    const { server, calls, spans, starts } = await start({}, createTestTracing(new AlwaysOffSampler()));
    await using _stop = server;
    await server.client.ping({});
    expect(starts()).toBe(1);
    expect(spans()).toEqual([]);
    expect(calls.map((call) => traceContextOf(call)?.sampled)).toEqual([false]);
  });

  test.each([
    ["records", recorded],
    ["does not record", unrecorded],
  ])("does not follow a client that %s where it is told not to", async (_case, metadata) => {
    const { server, spans } = await start({ followClient: false });
    await using _stop = server;
    await server.client.ping({}, { metadata });
    await until(() => spans().length === 1);
    expect(spans()).toEqual([expect.objectContaining({ parentId: undefined })]);
  });

  test("notes messages by number and size", async () => {
    const { server, spans } = await start();
    await using _stop = server;
    await all(server.client.echo([{ text: "abc" }, { text: "secret" }]));
    await until(() => spans().length === 1);
    expect(spans()[0]?.events).toEqual([
      ["Inbound message", { "sequence-number": 0, "message-size": 5 }],
      ["Outbound message", { "sequence-number": 0, "message-size": 5 }],
      ["Inbound message", { "sequence-number": 1, "message-size": 8 }],
      ["Outbound message", { "sequence-number": 1, "message-size": 8 }],
    ]);
    expect(JSON.stringify(spans())).not.toContain("secret");
  });

  test.each([
    [0, 0],
    [2, 3],
  ])("notes at most %i messages in each direction", async (maxMessageEvents, noted) => {
    const { server, spans } = await start({ maxMessageEvents });
    await using _stop = server;
    await all(server.client.count({ to: 5 }));
    await until(() => spans().length === 1);
    expect(spans()[0]?.events).toHaveLength(noted);
  });

  test("notes a response that cannot be written without its size, and lets the call end as ever", async () => {
    const { options, spans } = createTestTracing();
    const service = {
      ...createPingService(),
      count: async function* () {
        yield { number: 2 ** 40, padding: new Uint8Array() };
      },
    };
    await using server = await startTestServer(PingServiceDefinition, service, {
      interceptors: [tracing(options)],
      onUnexpectedError: () => undefined,
    });
    await expect(all(server.client.count({}))).rejects.toMatchObject({ code: Status.INTERNAL });
    await until(() => spans().length === 1);
    expect(spans()[0]?.events).toContainEqual(["Outbound message", { "sequence-number": 0 }]);
  });

  test.each(everyKind)("makes the span of a %s call the active one while the handler runs", async (_kind, makeCall) => {
    const { options, spans } = createTestTracing();
    const { openTelemetry, tracer } = options;
    const nest: ServerInterceptor = () => async (_call, next) => {
      await Promise.resolve();
      tracer.startSpan("nested", {}, openTelemetry.context.active()).end();
      await next();
    };
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors: [tracing(options), nest],
    });
    await makeCall(server.client);
    await until(() => spans().length === 2);
    const [nested, call] = spans();
    expect(nested).toMatchObject({ name: "nested", parentId: call?.spanId, traceId: call?.traceId });
  });

  describe("with a propagator", () => {
    const propagator = createBaggagePropagator();

    test.each([
      ["recorded", recorded, 1],
      ["not recorded", unrecorded, 0],
    ])("takes what it carries to the handler of a call that is %s", async (_case, metadata, count) => {
      const test = createTestTracing();
      const seen: (string | undefined)[] = [];
      const noteBaggage: ServerInterceptor = () => (_call, next) => {
        seen.push(api.propagation.getBaggage(test.options.openTelemetry.context.active())?.getEntry("tenant")?.value);
        return next();
      };
      const interceptors = [tracing({ ...test.options, propagator }), noteBaggage];
      await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
      await server.client.ping({}, { metadata: { ...metadata, baggage: "tenant=acme" } });
      expect(seen).toEqual(["acme"]);
      expect(test.starts()).toBe(count);
    });

    test("carries on the trace of the client, and begins one where there is none", async () => {
      const { server, spans } = await start({ propagator });
      await using _stop = server;
      await server.client.ping({}, { metadata: recorded });
      await server.client.ping({});
      await until(() => spans().length === 2);
      expect(spans().map(({ parentId }) => parentId)).toEqual([spanId, undefined]);
    });

    test("gives a call that begins a trace which is not recorded a place in it", async () => {
      const { server, calls, starts } = await start({ propagator, sampleRatio: 0 });
      await using _stop = server;
      await server.client.ping({});
      expect(starts()).toBe(0);
      expect(calls.map(traceContextOf)).toEqual([
        expect.objectContaining({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/), sampled: false }),
      ]);
    });
  });

  test("leaves calls as they are where there is no provider", async () => {
    const { server, calls } = await start({ openTelemetry: api, tracer: api.trace.getTracer("none") });
    await using _stop = server;
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    expect(calls.map(traceContextOf)).toEqual([undefined]);
  });

  test("takes the tracer from the provider of the program", () => {
    const { openTelemetry, tracer } = createTestTracing().options;
    const getTracer = jest.fn<OpenTelemetryApi["trace"]["getTracer"]>(() => tracer);
    const { getSpanContext, setSpan, setSpanContext } = api.trace;
    tracing({ openTelemetry: { ...openTelemetry, trace: { getTracer, getSpanContext, setSpan, setSpanContext } } });
    expect(getTracer).toHaveBeenCalledWith("@rollcall/interceptors");
  });

  test.each([
    [{ sampleRatio: -0.1 }, "sampleRatio is -0.1; it takes a number from 0 to 1"],
    [{ sampleRatio: 1.1 }, "sampleRatio is 1.1; it takes a number from 0 to 1"],
    [{ sampleRatio: Number.NaN }, "sampleRatio is NaN; it takes a number from 0 to 1"],
    [{ maxMessageEvents: -1 }, "maxMessageEvents is -1; it takes a whole number of at least 0"],
    [{ maxMessageEvents: 1.5 }, "maxMessageEvents is 1.5; it takes a whole number of at least 0"],
  ])("refuses %j", (options, message) => {
    expect(() => tracing({ openTelemetry: api, ...options })).toThrow(new TypeError(message));
  });
});
