import type { Context, Span } from "@opentelemetry/api";
import { type Call, createCallKey } from "@rollcall/rpc";

/**
 * Where a call stands in a distributed trace.
 *
 * @see https://www.w3.org/TR/trace-context/
 */
export interface TraceContext {
  /** 32 hexadecimal digits, the same for all calls of the trace. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span that calls made for the sake of this one are children of. */
  readonly spanId: string;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
  /** What tracing systems along the way have added, as the `tracestate` that travels on; undefined for nothing. */
  readonly traceState: string | undefined;
}

/** What an interceptor knows of the trace of its call. */
export interface CallTrace extends TraceContext {
  /** The call's own span; undefined where nobody began one. */
  readonly span?: Span | undefined;
  /** What OpenTelemetry hands on to whatever happens within the call; undefined for nothing. */
  readonly openTelemetryContext?: Context | undefined;
}

type CallWithValues = Pick<Call, "values">;

const callTraceKey = createCallKey<CallTrace | undefined>("trace", undefined);

/** Where the call stands in its trace, be it recorded or not; undefined where no interceptor traces calls. */
export function traceContextOf(call: CallWithValues): TraceContext | undefined {
  return callTraceOf(call);
}

/** The call's span, to add attributes and events to; undefined for a call that is not recorded. */
export function spanOf(call: CallWithValues): Span | undefined {
  return callTraceOf(call)?.span;
}

/** All that the interceptors of this package know of the trace of the call. */
export function callTraceOf({ values }: CallWithValues): CallTrace | undefined {
  return values.get(callTraceKey);
}

/** Tells the interceptors further in, the handler, and the calls that it makes, which trace the call belongs to. */
export function setCallTrace({ values }: CallWithValues, trace: CallTrace): void {
  values.set(callTraceKey, trace);
}
