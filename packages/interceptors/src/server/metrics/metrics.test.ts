import { describe, expect, test } from "@jest/globals";
import { type ServerInterceptor, Status } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { openMetricsContentType, prometheusContentType, Registry, type RegistryContentType } from "prom-client";
import { everyEnding } from "../../every-ending.fixture.js";
import { all, everyKind, type MakeCall, silence } from "../../every-kind.fixture.js";
import {
  createCallClock,
  createPlainMetrics,
  linesOf,
  typeLabels,
  valueOf,
} from "../../metrics/plain-prometheus.fixture.js";
import { setCallTrace } from "../../trace-context.js";
import { prometheusMetrics, type PrometheusMetricsOptions } from "./metrics.js";

const createRegistry = (contentType: RegistryContentType) => {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  return registry;
};

const start = async (options: Partial<PrometheusMetricsOptions> = {}, ...inner: readonly ServerInterceptor[]) => {
  const registry = new Registry();
  const metrics = prometheusMetrics({ registry, ...options });
  const interceptors = [metrics, ...inner];
  const server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
  return { server, registry, metrics };
};

/** How many messages the calls of `everyKind` receive and send. */
const messages = { unary: [1, 1], serverStreaming: [1, 2], clientStreaming: [2, 1], bidiStreaming: [2, 2] } as const;

/** Durations on either side of bounds, and on them. */
const durationsMs = [0, 0.0078125, 0.25, 4, 4, 31.25, 512, 200_000];

/** A call of each kind in turn, which the clock says took that long. */
const callsInTurn = durationsMs.map((durationMs, index) => {
  const [kind, makeCall] = everyKind[index % everyKind.length] ?? [
    "unary",
    (): ReturnType<MakeCall> => Promise.reject(new Error("no kinds")),
  ];
  const [received, sent] = messages[kind];
  return { makeCall, counted: { kind, status: Status.OK, durationS: durationMs / 1_000, received, sent } };
});

describe("prometheusMetrics on a server", () => {
  test.each([
    ["Prometheus", prometheusContentType],
    ["OpenMetrics", openMetricsContentType],
  ])("shows in the format of %s what counters and histograms of prom-client would", async (_name, contentType) => {
    const registry = createRegistry(contentType);
    const { server, metrics } = await start({ registry, elapsedMs: createCallClock(durationsMs) });
    await using _stop = server;
    const plainRegistry = createRegistry(contentType);
    const plain = createPlainMetrics("server", plainRegistry);
    for (const { makeCall, counted } of callsInTurn) {
      await makeCall(server.client);
      plain.count(counted);
    }
    metrics.recordUnknownCall();
    plain.count({ kind: "other", status: Status.UNIMPLEMENTED, durationS: 0, received: 0, sent: 0 });
    await expect(linesOf(registry)).resolves.toEqual(await linesOf(plainRegistry));
    await expect(linesOf(registry)).resolves.toEqual(await linesOf(plainRegistry)); // asking changes nothing
  });

  test("shows as JSON what prom-client would", async () => {
    const { server, registry } = await start();
    await using _stop = server;
    const plainRegistry = new Registry();
    createPlainMetrics("server", plainRegistry);
    const shown = async (from: Registry) =>
      (await from.getMetricsAsJSON()).map((metric) => ({
        ...metric,
        values: metric.values.map((sample) => ({ ...sample, exemplar: undefined })), // there is none, in either spelling
      }));
    await expect(shown(registry)).resolves.toEqual(await shown(plainRegistry));
  });

  test("shows all series of a method before its first call", async () => {
    const { server, registry } = await start();
    await using _stop = server;
    await expect(valueOf(registry, "grpc_server_started_total", 'grpc_method="Echo"')).resolves.toBe(0);
    const codes = (await linesOf(registry)).filter((line) => /^grpc_server_handled_total.*"Echo"/.test(line));
    expect(codes).toHaveLength(17);
    expect(codes.every((line) => line.endsWith(" 0"))).toBe(true);
  });

  describe.each(everyKind)("counts a %s call", (kind, makeCall) => {
    test.each(everyEnding)("that %s", async (_case, { onServer, bringToEnd }) => {
      const registry = new Registry();
      await bringToEnd(makeCall, { interceptors: [prometheusMetrics({ registry })] });
      const type = `grpc_type="${typeLabels[kind]}"`;
      const code = `grpc_code="${Status[onServer]}"`;
      await expect(valueOf(registry, "grpc_server_started_total", type)).resolves.toBe(1);
      await expect(valueOf(registry, "grpc_server_handled_total", type, code)).resolves.toBe(1);
      await expect(valueOf(registry, "handling_seconds_count", type, code)).resolves.toBe(1);
      const handled = (await linesOf(registry)).filter((line) => /^grpc_server_handled_total.* 1$/.test(line));
      expect(handled).toHaveLength(1);
    });
  });

  test("counts the messages of a stream while it is open", async () => {
    const { server, registry } = await start();
    await using _stop = server;
    const requests = async function* () {
      yield { text: "a" };
      yield { text: "b" };
      yield* silence();
    };
    await using responses = server.client.echo(requests());
    await responses.next();
    await responses.next();
    await expect(valueOf(registry, "grpc_server_msg_received_total", '"Echo"')).resolves.toBe(2);
    await expect(valueOf(registry, "grpc_server_msg_sent_total", '"Echo"')).resolves.toBe(2);
    await expect(valueOf(registry, "grpc_server_handled_total", '"Echo"', '"OK"')).resolves.toBe(0);
  });

  test("counts all messages of a stream, also those that gRPC encodes after the handler has ended", async () => {
    const { server, registry } = await start();
    await using _stop = server;
    await all(server.client.count({ to: 100 }));
    await expect(valueOf(registry, "grpc_server_msg_sent_total", '"Count"')).resolves.toBe(100);
    await expect(valueOf(registry, "grpc_server_msg_received_total", '"Count"')).resolves.toBe(1);
  });

  test("counts calls of methods that the server does not have as other", async () => {
    const { server, registry, metrics } = await start();
    await using _stop = server;
    metrics.recordUnknownCall();
    metrics.recordUnknownCall(Status.UNAUTHENTICATED);
    const other = ['grpc_service="other"', 'grpc_method="other"'];
    await expect(valueOf(registry, "grpc_server_started_total", ...other)).resolves.toBe(2);
    await expect(valueOf(registry, "grpc_server_handled_total", ...other, '"UNIMPLEMENTED"')).resolves.toBe(1);
    await expect(valueOf(registry, "grpc_server_handled_total", ...other, '"UNAUTHENTICATED"')).resolves.toBe(1);
  });

  describe("with exemplars", () => {
    const traceAs =
      (sampled: boolean): ServerInterceptor =>
      () =>
      (call, next) => {
        setCallTrace(call, { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled, traceState: undefined });
        return next();
      };
    const startTraced = (sampled: boolean) => {
      const registry = createRegistry(openMetricsContentType);
      const metrics = prometheusMetrics({
        registry,
        exemplars: true,
        elapsedMs: createCallClock([4]),
        now: () => 1_500,
      });
      const interceptors = [traceAs(sampled), metrics];
      return { registry, server: startTestServer(PingServiceDefinition, createPingService(), { interceptors }) };
    };

    test("names the trace of a recorded call", async () => {
      const { registry, server } = startTraced(true);
      await using running = await server;
      await running.client.ping({});
      const exemplar = ` # {trace_id="${"a".repeat(32)}",span_id="${"b".repeat(16)}"} 0.004 1.5`;
      expect((await linesOf(registry)).filter((line) => line.includes("#") && line.includes("{trace"))).toEqual([
        `grpc_server_handling_seconds_bucket{le="0.004",grpc_type="unary",grpc_service="ping.v1.PingService",grpc_method="Ping",grpc_code="OK"} 1${exemplar}`,
      ]);
    });

    test("names no trace that is not recorded", async () => {
      const { registry, server } = startTraced(false);
      await using running = await server;
      await running.client.ping({});
      expect((await linesOf(registry)).filter((line) => line.includes("trace_id"))).toEqual([]);
    });

    test("names no trace unless asked", async () => {
      const registry = createRegistry(openMetricsContentType);
      const interceptors = [traceAs(true), prometheusMetrics({ registry })];
      await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
      await server.client.ping({});
      expect((await linesOf(registry)).filter((line) => line.includes("trace_id"))).toEqual([]);
    });
  });

  test("begins at zero again when the registry's metrics are reset", async () => {
    const { server, registry } = await start();
    await using _stop = server;
    await all(server.client.echo([{ text: "a" }]));
    registry.resetMetrics();
    const figures = (await linesOf(registry)).filter((line) => line.startsWith("grpc_"));
    expect(figures.filter((line) => !line.endsWith(" 0"))).toEqual([]);
    await all(server.client.echo([{ text: "a" }]));
    await expect(valueOf(registry, "grpc_server_msg_received_total", '"Echo"')).resolves.toBe(1);
  });

  test("goes by the buckets that it is given", async () => {
    const { server, registry } = await start({ latencyBucketsS: [1, 2] });
    await using _stop = server;
    const buckets = (await linesOf(registry)).filter((line) => line.includes("_bucket") && line.includes('"Ping"'));
    expect(buckets.map((line) => /le="([^"]*)"/.exec(line)?.[1])).toEqual(["+Inf", "1", "2"]);
  });

  test("counts one method once, however often its service is bound", async () => {
    const registry = new Registry();
    const interceptors = [prometheusMetrics({ registry })];
    for (let binding = 0; binding < 2; binding++) {
      await using server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors });
      await server.client.ping({});
    }
    await expect(valueOf(registry, "grpc_server_started_total", '"Ping"')).resolves.toBe(2);
  });

  test.each([
    ["no buckets", [], "latencyBucketsS is []; it takes numbers of seconds that ascend"],
    ["buckets that do not ascend", [1, 1], "latencyBucketsS is [1, 1]; it takes numbers of seconds that ascend"],
    ["a bucket that is no number", [Number.NaN], "latencyBucketsS is [NaN]; it takes numbers of seconds that ascend"],
    ["an endless bucket", [1, Infinity], "latencyBucketsS is [1, Infinity]; it takes numbers of seconds that ascend"],
  ])("refuses %s", (_case, latencyBucketsS, message) => {
    expect(() => prometheusMetrics({ registry: new Registry(), latencyBucketsS })).toThrow(new TypeError(message));
  });

  test("refuses exemplars that the format of the registry has no place for", () => {
    expect(() => prometheusMetrics({ registry: new Registry(), exemplars: true })).toThrow(
      'exemplars is true for a registry of "text/plain; version=0.0.4; charset=utf-8"; it takes one of OpenMetrics',
    );
  });

  test("refuses a registry that has such metrics already", () => {
    const registry = new Registry();
    prometheusMetrics({ registry });
    expect(() => prometheusMetrics({ registry })).toThrow(/grpc_server_started_total has already been registered/);
  });
});
