import { describe, expect, test } from "@jest/globals";
import { UnrecordedTrace } from "./unrecorded-trace.js";

describe("UnrecordedTrace", () => {
  test.each([
    ["the smallest", () => 0],
    ["the largest", () => 1 - Number.EPSILON / 2],
    ["any", Math.random],
  ])("has valid ids with %s random number", (_case, random) => {
    const { traceId, spanId } = new UnrecordedTrace(random);
    expect(traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/);
  });

  test("keeps its ids", () => {
    const trace = new UnrecordedTrace(Math.random);
    expect([trace.traceId, trace.spanId]).toEqual([trace.traceId, trace.spanId]);
  });

  test("has other ids than the next", () => {
    expect(new UnrecordedTrace(Math.random).traceId).not.toBe(new UnrecordedTrace(Math.random).traceId);
  });

  test("draws no ids that nobody asks for", () => {
    const trace = new UnrecordedTrace(() => {
      throw new Error("drawn");
    });
    expect(trace.sampled).toBe(false);
  });
});
