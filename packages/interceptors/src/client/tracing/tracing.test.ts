import { describe, expect, test } from "@jest/globals";
import * as api from "@opentelemetry/api";
import {
  CallValues,
  type ClientInterceptor,
  type Metadata,
  type ServerCall,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createPingService, failCalls, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyEnding } from "../../every-ending.fixture.js";
import { all, everyKind } from "../../every-kind.fixture.js";
import { tracing as traceServer } from "../../server/tracing/tracing.js";
import { createBaggagePropagator } from "../../tracing/baggage-propagator.fixture.js";
import { createTestTracing } from "../../tracing/test-tracing.fixture.js";
import { until } from "../../until.fixture.js";
import { spanOf, traceContextOf, tracing, type TracingOptions } from "./tracing.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";
const names = { unary: "Ping", serverStreaming: "Count", clientStreaming: "Collect", bidiStreaming: "Echo" } as const;

/** Starts a server that notes what its calls came with. */
const start = async (given: Partial<TracingOptions> = {}, ...inner: readonly ServerInterceptor[]) => {
  const test = createTestTracing();
  const received: Metadata[] = [];
  const noteMetadata: ServerInterceptor = () => (call, next) => {
    received.push(call.metadata);
    return next();
  };
  const interceptor = tracing({ ...test.options, ...given });
  const server = await startTestServer(PingServiceDefinition, createPingService(), {
    interceptors: [noteMetadata, ...inner],
    clientInterceptors: [interceptor],
  });
  const traceparents = () => received.map((metadata) => metadata.get("traceparent"));
  return { server, received, traceparents, interceptor, ...test };
};

/** Makes calls again until they succeed. */
const repeat: ClientInterceptor = () =>
  async function repeat(_call, next) {
    for (;;) {
      try {
        await next();
        return;
      } catch {
        // once more
      }
    }
  };

describe("tracing on a client", () => {
  describe.each(everyKind)("records a %s call", (kind, makeCall) => {
    test.each(everyEnding)("that %s", async (_case, { onClient, bringToEnd }) => {
      const { options, spans } = createTestTracing();
      await bringToEnd(makeCall, { clientInterceptors: [tracing(options)] });
      const status =
        onClient === Status.OK
          ? { code: api.SpanStatusCode.UNSET }
          : { code: api.SpanStatusCode.ERROR, message: Status[onClient] };
      expect(spans()).toEqual([
        expect.objectContaining({
          name: `Sent.ping.v1.PingService.${names[kind]}`,
          kind: "CLIENT",
          status,
          attributes: {
            "rpc.system": "grpc",
            "rpc.service": "ping.v1.PingService",
            "rpc.method": names[kind],
            "rpc.grpc.status_code": onClient,
          },
        }),
      ]);
      expect(JSON.stringify(spans())).not.toContain("secret");
    });

    test("and tells the server of its span", async () => {
      const { server, spans, traceparents } = await start();
      await using _stop = server;
      await makeCall(server.client);
      expect(traceparents()).toEqual([`00-${spans()[0]?.traceId ?? ""}-${spans()[0]?.spanId ?? ""}-01`]);
    });

    test("as one trace from client to server", async () => {
      const test = createTestTracing();
      await using server = await startTestServer(PingServiceDefinition, createPingService(), {
        interceptors: [traceServer(test.options)],
        clientInterceptors: [tracing(test.options)],
      });
      await makeCall(server.client);
      await until(() => test.spans().length === 2);
      const sent = test.spans().find(({ name }) => name.startsWith("Sent."));
      const received = test.spans().find(({ name }) => name.startsWith("Recv."));
      expect(received).toMatchObject({ traceId: sent?.traceId, parentId: sent?.spanId });
    });
  });

  test("notes messages by number and size", async () => {
    const { server, spans } = await start();
    await using _stop = server;
    await all(server.client.echo([{ text: "abc" }]));
    await server.client.ping({ text: "secret" });
    expect(spans().map(({ events }) => events)).toEqual([
      [
        ["Outbound message", { "sequence-number": 0, "message-size": 5 }],
        ["Inbound message", { "sequence-number": 0, "message-size": 5 }],
      ],
      [
        ["Outbound message", { "sequence-number": 0, "message-size": 8 }],
        ["Inbound message", { "sequence-number": 0, "message-size": 8 }],
      ],
    ]);
    expect(JSON.stringify(spans())).not.toContain("secret");
  });

  test("notes no messages where it is told to note none", async () => {
    const { server, spans } = await start({ maxMessageEvents: 0 });
    await using _stop = server;
    await server.client.ping({});
    expect(spans()[0]?.events).toEqual([]);
  });

  test("nests in the span that is active where the call is made", async () => {
    const { server, spans, options } = await start();
    await using _stop = server;
    const context = api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags: api.TraceFlags.SAMPLED });
    await options.openTelemetry.context.with(context, () => server.client.ping({}));
    expect(spans()).toEqual([expect.objectContaining({ traceId, parentId: spanId })]);
  });

  test("does not record a call within an active span that is not recorded, and tells the server", async () => {
    const { server, starts, traceparents, options } = await start();
    await using _stop = server;
    const context = api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId, traceFlags: api.TraceFlags.NONE });
    await options.openTelemetry.context.with(context, () => server.client.ping({}));
    expect(starts()).toBe(0);
    expect(traceparents()).toEqual([`00-${traceId}-${spanId}-00`]);
  });

  test("tells the server not to record a call that it does not record itself", async () => {
    const { server, starts, traceparents } = await start({ sampleRatio: 0 });
    await using _stop = server;
    await server.client.ping({});
    await server.client.ping({});
    expect(starts()).toBe(0);
    expect(traceparents()).toEqual([
      expect.stringMatching(/^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/),
      expect.any(String),
    ]);
    expect(new Set(traceparents()).size).toBe(2);
  });

  test("tells the interceptors further in which trace the call belongs to", async () => {
    const test = createTestTracing();
    const seen: unknown[] = [];
    const noteTrace: ClientInterceptor = () => (call, next) => {
      seen.push(traceContextOf(call)?.spanId, spanOf(call)?.spanContext().spanId);
      return next();
    };
    const clientInterceptors = [tracing(test.options), noteTrace];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
    await server.client.ping({});
    expect(seen).toEqual([test.spans()[0]?.spanId, test.spans()[0]?.spanId]);
  });

  describe("for the sake of a call on a server", () => {
    /** A server whose handler calls another one, naming its own call as the parent. */
    const startRelay = async (traceParent: boolean) => {
      const test = createTestTracing();
      const behind = await start(test.options);
      const relay = {
        ...createPingService(),
        ping: (request: { readonly text: string }, call: ServerCall) =>
          behind.server.client.ping({ text: request.text }, { parent: call }),
      };
      const interceptors = traceParent
        ? [
            traceServer({
              openTelemetry: { ...test.options.openTelemetry, context: api.context },
              tracer: test.options.tracer,
            }),
          ]
        : [];
      const front = await startTestServer(PingServiceDefinition, relay, { interceptors });
      return { front, behind, spans: test.spans };
    };

    test("carries on its trace, without a context manager", async () => {
      const { front, behind, spans } = await startRelay(true);
      await using _behind = behind.server;
      await using _front = front;
      await front.client.ping({}, { metadata: { traceparent: `00-${traceId}-${spanId}-01` } });
      await until(() => spans().length === 2);
      const [sent, received] = spans();
      expect(received).toMatchObject({ name: "Recv.ping.v1.PingService.Ping", traceId, parentId: spanId });
      expect(sent).toMatchObject({ name: "Sent.ping.v1.PingService.Ping", traceId, parentId: received?.spanId });
    });

    test("carries on its trace as it came where it is not recorded", async () => {
      const { front, behind } = await startRelay(true);
      await using _behind = behind.server;
      await using _front = front;
      const metadata = { traceparent: `00-${traceId}-${spanId}-00`, tracestate: "congo=1" };
      await front.client.ping({}, { metadata });
      expect(behind.starts()).toBe(0);
      expect(behind.traceparents()).toEqual([metadata.traceparent]);
      expect(behind.received[0]?.get("tracestate")).toBe("congo=1");
    });

    test("begins a trace where its server traces nothing", async () => {
      const { front, behind, spans } = await startRelay(false);
      await using _behind = behind.server;
      await using _front = front;
      await front.client.ping({}, { metadata: { traceparent: `00-${traceId}-${spanId}-00` } });
      expect(spans()).toEqual([expect.objectContaining({ parentId: undefined })]);
    });
  });

  describe("with attempts", () => {
    test("records each within the span of the call, and tells the server of it", async () => {
      const test = createTestTracing();
      const traceparents: (string | undefined)[] = [];
      const noteTrace: ServerInterceptor = () => (call, next) => {
        traceparents.push(call.metadata.get("traceparent"));
        return next();
      };
      const traced = tracing(test.options);
      await using server = await startTestServer(PingServiceDefinition, createPingService(), {
        interceptors: [noteTrace, failCalls(new StatusError(Status.UNAVAILABLE, "again"), { times: 1 })],
        clientInterceptors: [traced, repeat, traced.attempts],
      });
      await server.client.ping({ text: "abc" });
      const [first, second, call] = test.spans();
      const outbound = ["Outbound message", { "sequence-number": 0, "message-size": 5 }];
      const inbound = ["Inbound message", { "sequence-number": 0, "message-size": 5 }];
      expect(first).toMatchObject({
        name: "Attempt.ping.v1.PingService.Ping",
        kind: "CLIENT",
        parentId: call?.spanId,
        attributes: {
          "previous-rpc-attempts": 0,
          "transparent-retry": false,
          "rpc.grpc.status_code": Status.UNAVAILABLE,
        },
        status: { code: api.SpanStatusCode.ERROR, message: "UNAVAILABLE" },
        events: [outbound],
      });
      expect(second).toMatchObject({
        parentId: call?.spanId,
        attributes: { "previous-rpc-attempts": 1 },
        status: { code: api.SpanStatusCode.UNSET },
        events: [outbound, inbound],
      });
      expect(call).toMatchObject({ name: "Sent.ping.v1.PingService.Ping", parentId: undefined, events: [] });
      const traceIdOfCall = call?.traceId ?? "";
      expect(traceparents).toEqual([first, second].map((span) => `00-${traceIdOfCall}-${span?.spanId ?? ""}-01`));
    });

    test.each(everyKind)("records one for a %s call that succeeds", async (kind, makeCall) => {
      const test = createTestTracing();
      const traced = tracing(test.options);
      const clientInterceptors = [traced, traced.attempts];
      await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
      await makeCall(server.client);
      expect(test.spans().map(({ name }) => name)).toEqual(
        ["Attempt", "Sent"].map((what) => `${what}.ping.v1.PingService.${names[kind]}`),
      );
    });

    test("records none for a call that is not recorded, also where it shares its values with one that was", async () => {
      const numbers = [0, 1];
      const test = createTestTracing();
      const traced = tracing({ ...test.options, sampleRatio: 0.5, random: () => numbers.shift() ?? 0.5 });
      const clientInterceptors = [traced, traced.attempts];
      await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
      const values = new CallValues();
      await server.client.ping({}, { values });
      await server.client.ping({}, { values });
      expect(test.starts()).toBe(2);
    });
  });

  describe("with a propagator", () => {
    test.each([
      ["recorded", 1, "01"],
      ["not recorded", 0, "00"],
    ])("sends what it carries along with a call that is %s", async (_case, sampleRatio, flags) => {
      const { server, received, traceparents, options } = await start({
        propagator: createBaggagePropagator(),
        sampleRatio,
      });
      await using _stop = server;
      const baggage = api.propagation.createBaggage({ tenant: { value: "acme" } });
      const context = api.propagation.setBaggage(api.ROOT_CONTEXT, baggage);
      await options.openTelemetry.context.with(context, () => server.client.ping({}));
      expect(received.map((metadata) => metadata.get("baggage"))).toEqual(["tenant=acme"]);
      expect(traceparents()).toEqual([expect.stringMatching(new RegExp(`^00-[0-9a-f]{32}-[0-9a-f]{16}-${flags}$`))]);
    });
  });

  test("leaves calls as they are where there is no provider", async () => {
    const { server, traceparents } = await start({ openTelemetry: api, tracer: api.trace.getTracer("none") });
    await using _stop = server;
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
    expect(traceparents()).toEqual([undefined]);
  });

  test("refuses a share that is none", () => {
    expect(() => tracing({ openTelemetry: api, sampleRatio: 2 })).toThrow(
      "sampleRatio is 2; it takes a number from 0 to 1",
    );
  });
});
