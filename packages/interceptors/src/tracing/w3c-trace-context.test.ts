import { describe, expect, test } from "@jest/globals";
import { Metadata } from "@rollcall/rpc";
import { readTraceContext, writeTraceContext } from "./w3c-trace-context.js";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

describe("readTraceContext", () => {
  test.each([
    ["that is recorded", `00-${traceId}-${spanId}-01`, true],
    ["that is not recorded", `00-${traceId}-${spanId}-00`, false],
    ["with further flags", `00-${traceId}-${spanId}-ff`, true],
    ["with further flags, not recorded", `00-${traceId}-${spanId}-fe`, false],
    ["of a version to come", `cc-${traceId}-${spanId}-01`, true],
    ["of a version to come, with more behind", `cc-${traceId}-${spanId}-01-what-the-future-brings`, true],
  ])("reads a trace %s", (_case, traceparent, sampled) => {
    const metadata = Metadata.from({ traceparent });
    expect(readTraceContext(metadata)).toEqual({ traceId, spanId, sampled, traceState: undefined });
  });

  test.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["other text", "bogus"],
    ["version ff", `ff-${traceId}-${spanId}-01`],
    ["a version in capitals", `CC-${traceId}-${spanId}-01`],
    ["a version that is no number", `0g-${traceId}-${spanId}-01`],
    ["a short version", `0-${traceId}-${spanId}-01`],
    ["a long version", `000-${traceId}-${spanId}-01`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${spanId}-01`],
    ["a trace id in capitals", `00-${traceId.toUpperCase()}-${spanId}-01`],
    ["a trace id that is no number", `00-${traceId.replace("4b", "4.")}-${spanId}-01`],
    ["a short trace id", `00-${traceId.slice(1)}-${spanId}-01`],
    ["a long trace id", `00-${traceId}0-${spanId}-01`],
    ["a span id of zeros", `00-${traceId}-${"0".repeat(16)}-01`],
    ["a span id in capitals", `00-${traceId}-${spanId.toUpperCase()}-01`],
    ["a short span id", `00-${traceId}-${spanId.slice(1)}-01`],
    ["a long span id", `00-${traceId}-${spanId}0-01`],
    ["flags in capitals", `00-${traceId}-${spanId}-0A`],
    ["flags that are no number", `00-${traceId}-${spanId}-x1`],
    ["one digit of flags", `00-${traceId}-${spanId}-1`],
    ["three digits of flags", `00-${traceId}-${spanId}-001`],
    ["no flags", `00-${traceId}-${spanId}`],
    ["more behind in version 00", `00-${traceId}-${spanId}-01-what-the-future-brings`],
    ["a dash behind in version 00", `00-${traceId}-${spanId}-01-`],
    ["more behind without a dash", `cc-${traceId}-${spanId}-01.what-the-future-brings`],
    ["other separators", `00_${traceId}_${spanId}_01`],
    ["a space in front", ` 00-${traceId}-${spanId}-01`],
    ["two of them", [`00-${traceId}-${spanId}-01`, `00-${traceId}-${spanId}-01`].join(", ")],
  ])("takes %s for no trace", (_case, traceparent) => {
    const metadata = Metadata.from(traceparent === undefined ? {} : { traceparent });
    expect(readTraceContext(metadata)).toBeUndefined();
  });

  test.each([
    ["reads", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"],
    ["leaves out an empty", "", undefined],
    ["leaves out a too long", "a=".padEnd(513, "b"), undefined],
  ])("%s tracestate", (_case, tracestate, traceState) => {
    const metadata = Metadata.from({ traceparent: `00-${traceId}-${spanId}-01`, tracestate });
    expect(readTraceContext(metadata)?.traceState).toBe(traceState);
  });

  test("reads no tracestate without a valid traceparent", () => {
    expect(readTraceContext(Metadata.from({ traceparent: "bogus", tracestate: "congo=1" }))).toBeUndefined();
  });
});

describe("writeTraceContext", () => {
  test.each([true, false])("writes what is read again, sampled: %s", (sampled) => {
    const context = { traceId, spanId, sampled, traceState: "congo=1" };
    const metadata = new Metadata();
    writeTraceContext(metadata, context);
    expect(metadata.get("traceparent")).toBe(`00-${traceId}-${spanId}-0${sampled ? "1" : "0"}`);
    expect(readTraceContext(metadata)).toEqual(context);
  });

  test("replaces what was there", () => {
    const metadata = Metadata.from({ traceparent: "bogus", tracestate: "congo=1" });
    writeTraceContext(metadata, { traceId, spanId, sampled: true, traceState: undefined });
    expect([...metadata]).toEqual([["traceparent", `00-${traceId}-${spanId}-01`]]);
  });
});
