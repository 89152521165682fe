import type { Context } from "@opentelemetry/api";
import { type InterceptedClientCall, type Metadata, type Method, type Next, Status } from "@rollcall/rpc";
import { statusOnClient } from "../../ended-status.js";
import { type CallTrace, setCallTrace } from "../../trace-context.js";
import { MessageEvents } from "../../tracing/message-events.js";
import type { CompleteTracingOptions } from "../../tracing/open-telemetry.js";
import { beginSpan, endSpan, methodAttributes, type RecordedTrace } from "../../tracing/span-of-call.js";

/** Sends a trace along with a call. */
export type Send = (metadata: Metadata, trace: CallTrace) => void;

/** What the spans of calls and of their attempts share. */
export interface Recording {
  readonly options: CompleteTracingOptions;
  readonly send: Send;
  /** The calls that have a span. Callers may give several calls the same values, so those are no place for it. */
  readonly calls: WeakMap<InterceptedClientCall, RecordedCall>;
}

interface RecordedCall {
  readonly trace: RecordedTrace;
  readonly events: MessageEvents;
  /** How many attempts at it have begun. */
  attempts: number;
}

/** Runs a call with a span of its own within `parent`. */
export type RecordClientCall = (call: InterceptedClientCall, next: Next, parent: Context) => Promise<void>;

/** Records the calls of one method. */
export function clientCallRecorder(method: Method, { options, send, calls }: Recording): RecordClientCall {
  const name = `Sent.${method.service}.${method.name}`;
  const kind = options.openTelemetry.SpanKind.CLIENT;
  const attributes = methodAttributes(method);
  return async function recordCall(call, next, parent) {
    const trace = beginSpan({ name, kind, attributes, parent }, options);
    if (trace === undefined) {
      return next();
    }
    setCallTrace(call, trace);
    send(call.metadata, trace);
    const events = new MessageEvents(trace.span, options.maxMessageEvents);
    calls.set(call, { trace, events, attempts: 0 });
    if (options.maxMessageEvents > 0 && trace.span.isRecording()) {
      noteMessages(call, events);
    }
    await runInSpan(trace, next, options);
  };
}

/** Records the attempts at the calls of one method. */
export function attemptRecorder(
  method: Method,
  { options, send, calls }: Recording,
): (call: InterceptedClientCall, next: Next) => Promise<void> {
  const name = `Attempt.${method.service}.${method.name}`;
  const kind = options.openTelemetry.SpanKind.CLIENT;
  return async function recordAttempt(call, next) {
    const recorded = calls.get(call);
    if (recorded === undefined) {
      return next();
    }
    const attributes = {
      ...methodAttributes(method),
      "previous-rpc-attempts": recorded.attempts++,
      "transparent-retry": false,
    };
    const trace = beginSpan({ name, kind, attributes, parent: recorded.trace.openTelemetryContext }, options);
    if (trace === undefined) {
      return next();
    }
    send(call.metadata, trace);
    recorded.events.moveTo(trace.span);
    await runInSpan(trace, next, options);
  };
}

async function runInSpan(
  { span, openTelemetryContext }: RecordedTrace,
  next: Next,
  { openTelemetry }: CompleteTracingOptions,
): Promise<void> {
  try {
    await openTelemetry.context.with(openTelemetryContext, next);
  } catch (error) {
    endSpan(span, statusOnClient(error), openTelemetry);
    throw error;
  }
  endSpan(span, Status.OK, openTelemetry);
}

function noteMessages(call: InterceptedClientCall, events: MessageEvents): void {
  const { requestType, responseType } = call.method;
  call.onRequest((request) => {
    events.note("Outbound message", requestType, request);
  });
  call.onResponse((response) => {
    events.note("Inbound message", responseType, response);
  });
}
