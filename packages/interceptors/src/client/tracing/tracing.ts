import type { ClientInterceptor, InterceptedClientCall, Metadata } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { type CallTrace, callTraceOf, setCallTrace } from "../../trace-context.js";
import {
  type CompleteTracingOptions,
  completeOptions,
  metadataSetter,
  type OpenTelemetryApi,
  type TracingOptions,
} from "../../tracing/open-telemetry.js";
import { isRecorded } from "../../tracing/sampling.js";
import { contextOfTrace, contextWithin, traceOfContext } from "../../tracing/span-of-call.js";
import { UnrecordedTrace } from "../../tracing/unrecorded-trace.js";
import { writeTraceContext } from "../../tracing/w3c-trace-context.js";
import { attemptRecorder, clientCallRecorder, type Recording, type Send } from "./record-call.js";

export { spanOf, type TraceContext, traceContextOf } from "../../trace-context.js";
export type { OpenTelemetryApi, TracingOptions };

/** Traces the calls that a client makes, and what it takes to make them. */
export interface ClientTracing extends ClientInterceptor {
  /** Records each attempt at a call. Put it innermost, within whatever repeats calls. */
  readonly attempts: ClientInterceptor;
}

/**
 * Records a span for each call, `Sent.user.v1.UserService.GetUser`, and tells the server of it in `traceparent` and
 * `tracestate`, so that what happens there becomes part of the same trace. Where {@link ClientTracing.attempts} is
 * installed each attempt has a span of its own, `Attempt.user.v1.UserService.GetUser`, within that of the call. Spans note
 * messages by number and size, and how the call ended; they note nothing of what is said.
 *
 * The call belongs to the trace of its `parent`, else to that of the span that is active where it is made, else it begins
 * one. A call whose trace is not recorded is no work for OpenTelemetry; the server hears that it need not record it either.
 *
 * @see https://github.com/grpc/proposal/blob/master/A72-open-telemetry-tracing.md
 * @see https://www.w3.org/TR/trace-context/
 * @throws TypeError for a share that is not from 0 to 1, and a number of messages below 0.
 */
export function tracing(given: TracingOptions): ClientTracing {
  const options = completeOptions(given);
  const { openTelemetry, random } = options;
  const send = sender(options);
  const recording: Recording = { options, send, calls: new WeakMap() };
  const interceptor = withConcern<InterceptedClientCall>("tracing", (method) => {
    const record = clientCallRecorder(method, recording);
    return function tracing(call, next) {
      const parent = parentTraceOf(call, openTelemetry);
      if (isRecorded(parent, options)) {
        const context = parent === undefined ? openTelemetry.context.active() : contextOfTrace(parent, openTelemetry);
        return record(call, next, context);
      }
      const trace = parent ?? new UnrecordedTrace(random);
      setCallTrace(call, trace);
      send(call.metadata, trace);
      return next();
    };
  });
  const attempts: ClientInterceptor = (method) => attemptRecorder(method, recording);
  return Object.assign(interceptor, { attempts });
}

function parentTraceOf({ parent }: InterceptedClientCall, api: OpenTelemetryApi): CallTrace | undefined {
  return (parent === undefined ? undefined : callTraceOf(parent)) ?? traceOfContext(api.context.active(), api);
}

/** Sends a trace along with a call. */
function sender({ propagator, openTelemetry }: CompleteTracingOptions): Send {
  if (propagator === undefined) {
    return writeTraceContext;
  }
  return (metadata: Metadata, trace: CallTrace) => {
    const context = trace.openTelemetryContext ?? contextWithin(trace, openTelemetry.context.active(), openTelemetry);
    propagator.inject(context, metadata, metadataSetter);
  };
}
