import type { TextMapPropagator } from "@opentelemetry/api";
import type { InterceptedServerCall, Layer, ServerInterceptor } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { setCallTrace } from "../../trace-context.js";
import {
  type CompleteTracingOptions,
  completeOptions,
  metadataGetter,
  type OpenTelemetryApi,
  type TracingOptions,
} from "../../tracing/open-telemetry.js";
import { isRecorded } from "../../tracing/sampling.js";
import { contextOfTrace, contextWithin, traceOfContext } from "../../tracing/span-of-call.js";
import { UnrecordedTrace } from "../../tracing/unrecorded-trace.js";
import { readTraceContext } from "../../tracing/w3c-trace-context.js";
import { type RecordServerCall, serverCallRecorder } from "./record-call.js";

export { spanOf, type TraceContext, traceContextOf } from "../../trace-context.js";
export type { OpenTelemetryApi, TracingOptions };

/** How the calls that a server answers are traced. */
export interface ServerTracingOptions extends TracingOptions {
  /**
   * Whether a trace that the client has begun goes on here, recorded if the client records it. Set it to false where
   * anybody may call: each call then begins a trace of its own, and nobody outside chooses what is recorded. Defaults to
   * true.
   */
  readonly followClient?: boolean | undefined;
}

/**
 * Records a span for each call, `Recv.user.v1.UserService.GetUser`, as part of the trace that the client sent along in
 * `traceparent` and `tracestate`. It notes messages by number and size, and how the call ended; it notes nothing of what
 * clients and handlers say. While the handler runs the span is the active one, so that what others record nests in it.
 *
 * Which calls are recorded is decided before OpenTelemetry is asked. A call that is not still belongs to its trace:
 * {@link traceContextOf} answers it, and the calls made for its sake carry it on.
 *
 * @see https://github.com/grpc/proposal/blob/master/A72-open-telemetry-tracing.md
 * @see https://www.w3.org/TR/trace-context/
 * @throws TypeError for a share that is not from 0 to 1, and a number of messages below 0.
 */
export function tracing({ followClient = true, ...given }: ServerTracingOptions): ServerInterceptor {
  const options = completeOptions(given);
  const { propagator } = options;
  return withConcern<InterceptedServerCall>("tracing", (method) => {
    const record = serverCallRecorder(method, options);
    return followClient && propagator !== undefined
      ? followPropagator(propagator, record, options)
      : followW3c(followClient, record, options);
  });
}

function followW3c(
  followClient: boolean,
  record: RecordServerCall,
  options: CompleteTracingOptions,
): Layer<InterceptedServerCall> {
  const { openTelemetry, random } = options;
  return function tracing(call, next) {
    const parent = followClient ? readTraceContext(call.metadata) : undefined;
    if (isRecorded(parent, options)) {
      return record(
        call,
        next,
        parent === undefined ? openTelemetry.ROOT_CONTEXT : contextOfTrace(parent, openTelemetry),
      );
    }
    setCallTrace(call, parent ?? new UnrecordedTrace(random));
    return next();
  };
}

function followPropagator(
  propagator: TextMapPropagator,
  record: RecordServerCall,
  options: CompleteTracingOptions,
): Layer<InterceptedServerCall> {
  const { openTelemetry, random } = options;
  return function tracing(call, next) {
    const received = propagator.extract(openTelemetry.ROOT_CONTEXT, call.metadata, metadataGetter);
    const parent = traceOfContext(received, openTelemetry);
    if (isRecorded(parent, options)) {
      return record(call, next, received);
    }
    const context =
      parent === undefined ? contextWithin(new UnrecordedTrace(random), received, openTelemetry) : received;
    const trace = traceOfContext(context, openTelemetry);
    if (trace !== undefined) {
      setCallTrace(call, trace);
    }
    return openTelemetry.context.with(context, next);
  };
}
