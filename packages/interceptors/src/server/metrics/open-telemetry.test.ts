import { describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import { createPingService, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyEnding } from "../../every-ending.fixture.js";
import { all, everyKind } from "../../every-kind.fixture.js";
import { latencyBucketsS, sizeBucketsBytes } from "../../metrics/buckets.js";
import { createTestMeter } from "../../metrics/collect-metrics.fixture.js";
import { createCallClock } from "../../metrics/plain-prometheus.fixture.js";
import { openTelemetryMetrics } from "./metrics.js";
import { ServerCallRecorders } from "./server-call-recorder.js";

const start = async (durationsMs: readonly number[] = []) => {
  const { meter, collect } = createTestMeter();
  const metrics = openTelemetryMetrics({ meter, elapsedMs: createCallClock(durationsMs) });
  const server = await startTestServer(PingServiceDefinition, createPingService(), { interceptors: [metrics] });
  return { server, collect, metrics };
};

describe("openTelemetryMetrics on a server", () => {
  describe.each(everyKind)("records a %s call", (_kind, makeCall) => {
    test.each(everyEnding)("that %s", async (_case, { onServer, bringToEnd }) => {
      const { meter, collect } = createTestMeter();
      await bringToEnd(makeCall, { interceptors: [openTelemetryMetrics({ meter })] });
      const figures = await collect();
      expect(figures.get("grpc.server.call.started")?.filter(({ value }) => value === 1)).toHaveLength(1);
      const name = "grpc.server.call.duration";
      const attributes = expect.objectContaining({ "grpc.status": Status[onServer] });
      expect(figures.get(name)).toEqual([
        expect.objectContaining({ attributes, value: { count: 1, sum: expect.any(Number) } }),
      ]);
    });
  });

  test("says for each call its duration and the bytes of its messages", async () => {
    const { server, collect } = await start([4, 12]);
    await using _stop = server;
    await server.client.ping({ text: "abcde" }); // 5 bytes, a tag and a length
    await all(server.client.count({ to: 3, paddingBytes: 1_000 }));
    const figures = await collect();
    const ping = { "grpc.method": "ping.v1.PingService/Ping", "grpc.status": "OK" };
    const count = { "grpc.method": "ping.v1.PingService/Count", "grpc.status": "OK" };
    expect(figures.get("grpc.server.call.duration")).toEqual([
      { attributes: ping, value: { count: 1, sum: 0.004 }, bounds: latencyBucketsS },
      { attributes: count, value: { count: 1, sum: 0.012 }, bounds: latencyBucketsS },
    ]);
    expect(figures.get("grpc.server.call.rcvd_total_compressed_message_size")).toEqual([
      { attributes: ping, value: { count: 1, sum: 7 }, bounds: sizeBucketsBytes },
      { attributes: count, value: { count: 1, sum: 5 }, bounds: sizeBucketsBytes },
    ]);
    expect(figures.get("grpc.server.call.sent_total_compressed_message_size")).toEqual([
      { attributes: ping, value: { count: 1, sum: 7 }, bounds: sizeBucketsBytes },
      { attributes: count, value: { count: 1, sum: 3 * 1_005 }, bounds: sizeBucketsBytes },
    ]);
  });

  test("records the sizes of all calls, however many there are before metrics are collected", async () => {
    const { meter, collect } = createTestMeter();
    const recorder = new ServerCallRecorders(meter).of("ping.v1.PingService/Ping");
    for (let call = 0; call < 1_000; call++) {
      recorder.started();
      recorder.ended({ traffic: { requests: 1, requestBytes: 5, responses: 1, responseBytes: 7 } }, Status.OK, 0);
    }
    const sizes = (await collect()).get("grpc.server.call.sent_total_compressed_message_size");
    expect(sizes).toEqual([expect.objectContaining({ value: { count: 1_000, sum: 7_000 } })]);
  });

  test("records sizes once, however often metrics are collected", async () => {
    const { server, collect } = await start();
    await using _stop = server;
    await server.client.ping({});
    await collect();
    const sizes = (await collect()).get("grpc.server.call.sent_total_compressed_message_size");
    expect(sizes).toEqual([expect.objectContaining({ value: { count: 1, sum: 0 } })]);
  });

  test("says of each method that nothing has begun, before its first call", async () => {
    const { server, collect } = await start();
    await using _stop = server;
    expect((await collect()).get("grpc.server.call.started")).toEqual(
      ["Ping", "Count", "Collect", "Echo"].map((name) => ({
        attributes: { "grpc.method": `ping.v1.PingService/${name}` },
        value: 0,
      })),
    );
  });

  test("counts calls of methods that the server does not have as other", async () => {
    const { server, collect, metrics } = await start();
    await using _stop = server;
    metrics.recordUnknownCall();
    metrics.recordUnknownCall(Status.UNAUTHENTICATED);
    const figures = await collect();
    expect(figures.get("grpc.server.call.started")).toContainEqual({
      attributes: { "grpc.method": "other" },
      value: 2,
    });
    expect(figures.get("grpc.server.call.duration")).toEqual(
      ["UNIMPLEMENTED", "UNAUTHENTICATED"].map((status) => ({
        attributes: { "grpc.method": "other", "grpc.status": status },
        value: { count: 1, sum: 0 },
        bounds: latencyBucketsS,
      })),
    );
  });
});
