import type { Attributes, Context, Span, SpanContext, SpanOptions } from "@opentelemetry/api";
import { type Method, Status } from "@rollcall/rpc";
import type { CallTrace, TraceContext } from "../trace-context.js";
import type { CompleteTracingOptions, OpenTelemetryApi } from "./open-telemetry.js";

const sampledFlag = 1;

/** The trace of a call that has a span of its own. */
export interface RecordedTrace extends CallTrace {
  readonly span: Span;
  readonly openTelemetryContext: Context;
}

/** What a span says of its method. */
export function methodAttributes({ service, name }: Method): Attributes {
  return { "rpc.system": "grpc", "rpc.service": service, "rpc.method": name };
}

/** Says how the call ended and ends its span. The text of a status may tell of people, so it stays out of the trace. */
export function endSpan(span: Span, status: Status, { SpanStatusCode }: OpenTelemetryApi): void {
  span.setAttribute("rpc.grpc.status_code", status);
  if (status !== Status.OK) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: Status[status] });
  }
  span.end();
}

/** A span to begin. */
export interface SpanStart extends SpanOptions {
  readonly name: string;
  readonly parent: Context;
}

/** Begins a span; undefined where nobody would ever see it, since the program has registered no provider. */
export function beginSpan(
  { name, parent, ...options }: SpanStart,
  { tracer, openTelemetry }: Pick<CompleteTracingOptions, "tracer" | "openTelemetry">,
): RecordedTrace | undefined {
  const span = tracer.startSpan(name, options, parent);
  const spanContext = span.spanContext();
  return openTelemetry.isSpanContextValid(spanContext)
    ? { ...fromSpanContext(spanContext), span, openTelemetryContext: openTelemetry.trace.setSpan(parent, span) }
    : undefined;
}

/** The trace that a context of OpenTelemetry belongs to; undefined for none. */
export function traceOfContext(
  context: Context,
  { trace, isSpanContextValid }: OpenTelemetryApi,
): CallTrace | undefined {
  const spanContext = trace.getSpanContext(context);
  return spanContext === undefined || !isSpanContextValid(spanContext)
    ? undefined
    : { ...fromSpanContext(spanContext), openTelemetryContext: context };
}

/** The context in which spans become children of the call's trace. */
export function contextOfTrace(trace: CallTrace, api: OpenTelemetryApi): Context {
  return trace.openTelemetryContext ?? contextWithin(trace, api.ROOT_CONTEXT, api);
}

/** The same context, except that spans become children of the one that the trace context names. */
export function contextWithin(
  { traceId, spanId, sampled, traceState }: TraceContext,
  context: Context,
  { trace, createTraceState }: OpenTelemetryApi,
): Context {
  return trace.setSpanContext(context, {
    traceId,
    spanId,
    traceFlags: sampled ? sampledFlag : 0,
    isRemote: true,
    ...(traceState === undefined ? {} : { traceState: createTraceState(traceState) }),
  });
}

function fromSpanContext({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  return { traceId, spanId, sampled: (traceFlags & sampledFlag) !== 0, traceState: traceState?.serialize() };
}
