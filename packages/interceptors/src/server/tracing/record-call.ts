import type { Context } from "@opentelemetry/api";
import { type InterceptedServerCall, type Method, type Next, Status } from "@rollcall/rpc";
import { statusOnServer } from "../../ended-status.js";
import { setCallTrace } from "../../trace-context.js";
import { MessageEvents } from "../../tracing/message-events.js";
import type { CompleteTracingOptions } from "../../tracing/open-telemetry.js";
import { beginSpan, endSpan, methodAttributes } from "../../tracing/span-of-call.js";

/** Runs a call with a span of its own within `parent`. */
export type RecordServerCall = (call: InterceptedServerCall, next: Next, parent: Context) => Promise<void>;

/** Records the calls of one method. */
export function serverCallRecorder(method: Method, options: CompleteTracingOptions): RecordServerCall {
  const { openTelemetry, maxMessageEvents } = options;
  const name = `Recv.${method.service}.${method.name}`;
  const kind = openTelemetry.SpanKind.SERVER;
  const attributes = methodAttributes(method);
  return async function recordCall(call, next, parent) {
    const trace = beginSpan({ name, kind, attributes, parent }, options);
    if (trace === undefined) {
      return next();
    }
    setCallTrace(call, trace);
    const { span, openTelemetryContext } = trace;
    if (maxMessageEvents > 0 && span.isRecording()) {
      noteMessages(call, new MessageEvents(span, maxMessageEvents));
    }
    try {
      await openTelemetry.context.with(openTelemetryContext, next);
    } catch (error) {
      endSpan(span, statusOnServer(error), openTelemetry);
      throw error;
    }
    endSpan(span, Status.OK, openTelemetry);
  };
}

function noteMessages(call: InterceptedServerCall, events: MessageEvents): void {
  const { requestType, responseType } = call.method;
  call.onRequest((request) => {
    events.note("Inbound message", requestType, request);
  });
  call.onResponse((response) => {
    events.note("Outbound message", responseType, response);
  });
}
