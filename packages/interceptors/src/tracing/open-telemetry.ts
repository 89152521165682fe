import type * as api from "@opentelemetry/api";
import type { TextMapGetter, TextMapSetter } from "@opentelemetry/api";
import type { Metadata } from "@rollcall/rpc";

/** What is used of `@opentelemetry/api`. */
export interface OpenTelemetryApi extends Pick<
  typeof api,
  "createTraceState" | "isSpanContextValid" | "ROOT_CONTEXT" | "SpanKind" | "SpanStatusCode"
> {
  readonly context: Pick<typeof api.context, "active" | "with">;
  readonly trace: Pick<typeof api.trace, "getSpanContext" | "getTracer" | "setSpan" | "setSpanContext">;
}

/** How calls are traced, on either side. */
export interface TracingOptions {
  /**
   * The API of OpenTelemetry: `import * as openTelemetry from "@opentelemetry/api"`. It is handed over, not imported, so
   * that programs which trace nothing need not have it.
   */
  readonly openTelemetry: OpenTelemetryApi;
  /** Makes the spans. Defaults to the tracer `@rollcall/interceptors` of the provider that the program has registered. */
  readonly tracer?: api.Tracer | undefined;
  /**
   * Carries the trace from one program to the next where that is not W3C trace context alone: baggage, B3, or several
   * formats at once. It is asked on every call, also those that are not recorded.
   */
  readonly propagator?: api.TextMapPropagator | undefined;
  /**
   * Which share of the traces that begin here is recorded, from 0 to 1. It is decided before OpenTelemetry is asked, so
   * that all other calls cost next to nothing; leave the provider's own sampler at its default then. Defaults to 1: the
   * provider's sampler decides.
   */
  readonly sampleRatio?: number | undefined;
  /** How many messages of a call are noted in its span, in each direction. Defaults to 100; 0 notes none. */
  readonly maxMessageEvents?: number | undefined;
  /** Answers numbers from 0 to below 1. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The same options, each with a value; only a propagator need not be. */
export type CompleteTracingOptions = {
  readonly [Name in Exclude<keyof TracingOptions, "propagator">]-?: NonNullable<TracingOptions[Name]>;
} & Pick<TracingOptions, "propagator">;

/**
 * Puts defaults where there is no value.
 *
 * @throws TypeError for a share that is not from 0 to 1, and a number of messages below 0.
 */
export function completeOptions(options: TracingOptions): CompleteTracingOptions {
  const { openTelemetry, propagator, sampleRatio = 1, maxMessageEvents = 100, random = Math.random } = options;
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
    throw new TypeError(`sampleRatio is ${sampleRatio}; it takes a number from 0 to 1`);
  }
  if (!Number.isInteger(maxMessageEvents) || maxMessageEvents < 0) {
    throw new TypeError(`maxMessageEvents is ${maxMessageEvents}; it takes a whole number of at least 0`);
  }
  const tracer = options.tracer ?? openTelemetry.trace.getTracer("@rollcall/interceptors");
  return { openTelemetry, tracer, propagator, sampleRatio, maxMessageEvents, random };
}

/** Lets a propagator read what came with a call. */
export const metadataGetter: TextMapGetter<Metadata> = {
  get: (metadata, key) => metadata.get(key),
  keys: (metadata) => [...metadata].map(([key]) => key),
};

/** Lets a propagator send something along with a call. What gRPC does not allow is left out. */
export const metadataSetter: TextMapSetter<Metadata> = {
  set: (metadata, key, value) => {
    try {
      metadata.set(key, value);
    } catch {
      // Baggage may hold anything; the call is worth more than what accompanies it.
    }
  },
};
