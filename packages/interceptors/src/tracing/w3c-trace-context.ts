import type { Metadata } from "@rollcall/rpc";
import type { TraceContext } from "../trace-context.js";

const traceparentName = "traceparent";
const tracestateName = "tracestate";
const version00Length = 55;
const maxTraceStateLength = 512;
const sampledFlag = 1;
// version, trace-id, parent-id and flags; versions to come may add more behind another dash
const pattern = /^(?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/;

/**
 * The trace context that came with a call; undefined for none and for one that is not valid, of which the specification
 * says that the receiver begins a trace of its own.
 *
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTraceContext(metadata: Metadata): TraceContext | undefined {
  const traceparent = metadata.get(traceparentName);
  if (traceparent === undefined || !isTraceparent(traceparent)) {
    return undefined;
  }
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    sampled: (Number.parseInt(traceparent.slice(53, 55), 16) & sampledFlag) !== 0,
    traceState: readTraceState(metadata),
  };
}

/** Sends the trace context along with a call, in place of any that the metadata has. */
export function writeTraceContext(metadata: Metadata, { traceId, spanId, sampled, traceState }: TraceContext): void {
  metadata.set(traceparentName, `00-${traceId}-${spanId}-0${sampled ? "1" : "0"}`);
  if (traceState === undefined) {
    metadata.delete(tracestateName);
  } else {
    metadata.set(tracestateName, traceState);
  }
}

function isTraceparent(text: string): boolean {
  return pattern.test(text) && (text.length === version00Length || !text.startsWith("00"));
}

function readTraceState(metadata: Metadata): string | undefined {
  const traceState = metadata.get(tracestateName);
  return traceState === undefined || traceState === "" || traceState.length > maxTraceStateLength
    ? undefined
    : traceState;
}
