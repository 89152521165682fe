import { AsyncLocalStorage } from "node:async_hooks";
import * as api from "@opentelemetry/api";
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import type { OpenTelemetryApi } from "./open-telemetry.js";

/** A span, as far as tests are about it. */
export interface SeenSpan {
  readonly name: string;
  readonly kind: string | undefined;
  readonly status: api.SpanStatus;
  readonly attributes: api.Attributes;
  readonly events: readonly (readonly [name: string, attributes: api.Attributes | undefined])[];
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly traceState: string | undefined;
}

/** OpenTelemetry for one test, apart from what is global. */
export function createTestTracing(sampler: Sampler = new AlwaysOnSampler()) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const storage = new AsyncLocalStorage<api.Context>();
  let starts = 0;
  const tracer = provider.getTracer("test");
  const openTelemetry: OpenTelemetryApi = {
    ...api,
    context: {
      active: () => storage.getStore() ?? api.ROOT_CONTEXT,
      with: (context, run, that, ...values) => storage.run(context, () => run.call(that, ...values)),
    },
  };
  const counted: api.Tracer = {
    startSpan: (...start) => {
      starts++;
      return tracer.startSpan(...start);
    },
    startActiveSpan: tracer.startActiveSpan.bind(tracer),
  };
  return {
    options: { openTelemetry, tracer: counted },
    /** The spans that have ended, in this order. */
    spans: () => exporter.getFinishedSpans().map(seen),
    /** How often a span was asked for, be it recorded or not. */
    starts: () => starts,
  };
}

function seen(span: ReadableSpan): SeenSpan {
  const { traceId, spanId, traceState } = span.spanContext();
  return {
    name: span.name,
    kind: api.SpanKind[span.kind],
    status: span.status,
    attributes: span.attributes,
    events: span.events.map(({ name, attributes }) => [name, attributes]),
    traceId,
    spanId,
    parentId: span.parentSpanContext?.spanId,
    traceState: traceState?.serialize(),
  };
}
