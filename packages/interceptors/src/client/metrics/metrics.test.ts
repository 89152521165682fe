import { describe, expect, test } from "@jest/globals";
import { type ClientInterceptor, Status, StatusError } from "@rollcall/rpc";
import { createPingService, failCalls, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { Registry } from "prom-client";
import { everyEnding } from "../../every-ending.fixture.js";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { latencyBucketsS, retryBuckets, sizeBucketsBytes } from "../../metrics/buckets.js";
import { createTestMeter } from "../../metrics/collect-metrics.fixture.js";
import {
  createCallClock,
  createPlainMetrics,
  linesOf,
  typeLabels,
  valueOf,
} from "../../metrics/plain-prometheus.fixture.js";
import { openTelemetryMetrics, prometheusMetrics } from "./metrics.js";

/** How many messages the calls of `everyKind` receive and send. */
const messages = { unary: [1, 1], serverStreaming: [2, 1], clientStreaming: [1, 2], bidiStreaming: [2, 2] } as const;
const target = "dns:///ping.example.com";

describe("prometheusMetrics on a client", () => {
  test("shows what counters and histograms of prom-client would", async () => {
    const registry = new Registry();
    const clientInterceptors = [prometheusMetrics({ registry, elapsedMs: createCallClock([0.25, 4, 31.25, 512]) })];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
    const plainRegistry = new Registry();
    const plain = createPlainMetrics("client", plainRegistry);
    const durationsS = [0.00025, 0.004, 0.03125, 0.512];
    for (const [index, [kind, makeCall]] of everyKind.entries()) {
      await makeCall(server.client);
      const [received, sent] = messages[kind];
      plain.count({ kind, status: Status.OK, durationS: durationsS[index] ?? 0, received, sent });
    }
    await expect(linesOf(registry)).resolves.toEqual(await linesOf(plainRegistry));
  });

  describe.each(everyKind)("counts a %s call", (kind, makeCall) => {
    test.each(everyEnding)("that %s", async (_case, { onClient, bringToEnd }) => {
      const registry = new Registry();
      await bringToEnd(makeCall, { clientInterceptors: [prometheusMetrics({ registry })] });
      const type = `grpc_type="${typeLabels[kind]}"`;
      const code = `grpc_code="${Status[onClient]}"`;
      await expect(valueOf(registry, "grpc_client_started_total", type)).resolves.toBe(1);
      await expect(valueOf(registry, "grpc_client_handled_total", type, code)).resolves.toBe(1);
      await expect(valueOf(registry, "handling_seconds_count", type, code)).resolves.toBe(1);
      const handled = (await linesOf(registry)).filter((line) => /^grpc_client_handled_total.* 1$/.test(line));
      expect(handled).toHaveLength(1);
    });
  });

  test("counts a call that the program itself brings down as UNKNOWN", async () => {
    const registry = new Registry();
    const fail: ClientInterceptor = () => () => Promise.reject(new Error("a mistake"));
    const clientInterceptors = [prometheusMetrics({ registry }), fail];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
    await expect(server.client.ping({})).rejects.toThrow("a mistake");
    await expect(valueOf(registry, "grpc_client_handled_total", '"Ping"', '"UNKNOWN"')).resolves.toBe(1);
  });

  test("counts the messages of a stream while it is open", async () => {
    const registry = new Registry();
    const clientInterceptors = [prometheusMetrics({ registry })];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
    const requests = async function* () {
      yield { text: "a" };
      yield* silence();
    };
    await using responses = server.client.echo(requests());
    await responses.next();
    await expect(valueOf(registry, "grpc_client_msg_sent_total", '"Echo"')).resolves.toBe(1);
    await expect(valueOf(registry, "grpc_client_msg_received_total", '"Echo"')).resolves.toBe(1);
  });
});

describe("openTelemetryMetrics on a client", () => {
  describe.each(everyKind)("records a %s call and its attempt", (_kind, makeCall) => {
    test.each(everyEnding)("that %s", async (_case, { onClient, bringToEnd }) => {
      const { meter, collect } = createTestMeter();
      const metrics = openTelemetryMetrics({ meter, target });
      await bringToEnd(makeCall, { clientInterceptors: [metrics, metrics.attempts] });
      const figures = await collect();
      const attributes = expect.objectContaining({ "grpc.status": Status[onClient], "grpc.target": target });
      const once = [expect.objectContaining({ attributes, value: { count: 1, sum: expect.any(Number) } })];
      expect(figures.get("grpc.client.call.duration")).toEqual(once);
      expect(figures.get("grpc.client.attempt.duration")).toEqual(once);
      expect(figures.get("grpc.client.attempt.started")?.filter(({ value }) => value === 1)).toHaveLength(1);
      expect(figures.get("grpc.client.call.retries")?.length ?? 0).toBe(0);
    });
  });

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

  test("tells attempts and the time between them from the calls they are made for", async () => {
    const { meter, collect } = createTestMeter();
    let nowMs = 0;
    const metrics = openTelemetryMetrics({ meter, target, elapsedMs: () => (nowMs += 8) });
    const status = new StatusError(Status.UNAVAILABLE, "try again");
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors: [failCalls(status, { times: 2 })],
      clientInterceptors: [metrics, repeat, metrics.attempts],
    });
    await server.client.ping({ text: "abcde" });
    const method = { "grpc.method": "ping.v1.PingService/Ping", "grpc.target": target };
    const [ok, failed] = [
      { ...method, "grpc.status": "OK" },
      { ...method, "grpc.status": "UNAVAILABLE" },
    ];
    const figures = await collect();
    expect(figures.get("grpc.client.attempt.started")).toContainEqual({ attributes: method, value: 3 });
    expect(figures.get("grpc.client.attempt.duration")?.map(({ attributes, value }) => [attributes, value])).toEqual([
      [failed, { count: 2, sum: expect.closeTo(0.024) }],
      [ok, { count: 1, sum: 0.016 }],
    ]);
    expect(figures.get("grpc.client.attempt.sent_total_compressed_message_size")).toEqual([
      { attributes: failed, value: { count: 2, sum: 14 }, bounds: sizeBucketsBytes },
      { attributes: ok, value: { count: 1, sum: 7 }, bounds: sizeBucketsBytes },
    ]);
    expect(figures.get("grpc.client.attempt.rcvd_total_compressed_message_size")).toEqual([
      { attributes: failed, value: { count: 2, sum: 0 }, bounds: sizeBucketsBytes },
      { attributes: ok, value: { count: 1, sum: 7 }, bounds: sizeBucketsBytes },
    ]);
    expect(figures.get("grpc.client.call.duration")).toEqual([
      { attributes: ok, value: { count: 1, sum: expect.any(Number) }, bounds: latencyBucketsS },
    ]);
    expect(figures.get("grpc.client.call.retries")).toEqual([
      { attributes: method, value: { count: 1, sum: 2 }, bounds: retryBuckets },
    ]);
    expect(figures.get("grpc.client.call.retry_delay")).toEqual([
      { attributes: method, value: { count: 1, sum: expect.closeTo(0.032) }, bounds: latencyBucketsS },
    ]);
  });

  test("tells the bytes of one attempt from those of the next", async () => {
    const { meter, collect } = createTestMeter();
    const metrics = openTelemetryMetrics({ meter, target });
    let failures = 1;
    const failOnceAnswered: ClientInterceptor = () => async (_call, next) => {
      await next();
      if (failures-- > 0) {
        throw new StatusError(Status.UNAVAILABLE, "try again");
      }
    };
    const clientInterceptors = [metrics, repeat, metrics.attempts, failOnceAnswered];
    await using server = await startTestServer(PingServiceDefinition, createPingService(), { clientInterceptors });
    await server.client.ping({ text: "abcde" });
    const figures = await collect();
    for (const direction of ["sent", "rcvd"]) {
      const sizes = figures.get(`grpc.client.attempt.${direction}_total_compressed_message_size`);
      expect(sizes?.map(({ value }) => value)).toEqual([
        { count: 1, sum: 7 },
        { count: 1, sum: 7 },
      ]);
    }
  });
});
