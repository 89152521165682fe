import { describe, expect, test } from "@jest/globals";
import { LatencyHistogram } from "./latency-histogram.js";

describe("LatencyHistogram", () => {
  test.each([
    [0, 0],
    [0.5, 1],
    [1, 1],
    [1.000001, 2],
    [10, 2],
    [11, 3],
    [1e9, 3],
  ])("counts %s s in bucket %i of 0, 1, 10 and beyond", (durationS, bucket) => {
    const histogram = new LatencyHistogram([0, 1, 10]);
    histogram.observe(durationS);
    expect([0, 1, 2, 3].map((index) => histogram.countOf(index))).toEqual(
      [0, 1, 2, 3].map((i) => (i === bucket ? 1 : 0)),
    );
  });

  test("adds durations up", () => {
    const histogram = new LatencyHistogram([1]);
    histogram.observe(0.25);
    histogram.observe(2);
    expect(histogram.sumS).toBe(2.25);
  });

  test("keeps the last exemplar of each bucket", () => {
    const histogram = new LatencyHistogram([1]);
    const trace = { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true, traceState: undefined };
    for (const durationS of [0.1, 0.2, 5]) {
      histogram.keepExemplar({ trace, durationS, timeMs: 1 });
    }
    expect([histogram.exemplarOf(0)?.durationS, histogram.exemplarOf(1)?.durationS]).toEqual([0.2, 5]);
  });
});
