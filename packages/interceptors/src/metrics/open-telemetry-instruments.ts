import type { Attributes, Histogram, Meter, ObservableCounter } from "@opentelemetry/api";
import { Status } from "@rollcall/rpc";
import { latencyBucketsS, retryBuckets, sizeBucketsBytes } from "./buckets.js";

const statuses = Object.values(Status).filter((status) => typeof status === "number");

/** The attributes of calls that have ended, by the number of the status; made once, so that no call has to make its own. */
export function attributesByStatus(attributes: Attributes): readonly Attributes[] {
  return statuses.map((status) => Object.freeze({ ...attributes, "grpc.status": Status[status] }));
}

/** A histogram of durations. */
export function createDurationHistogram(meter: Meter, name: string, description: string): Histogram {
  return createHistogram(meter, { name, description, unit: "s", bounds: latencyBucketsS });
}

/** A histogram of bytes. */
export function createSizeHistogram(meter: Meter, name: string, description: string): Histogram {
  return createHistogram(meter, { name, description, unit: "By", bounds: sizeBucketsBytes });
}

/** A histogram of how often calls were made again. */
export function createRetryHistogram(meter: Meter, name: string, description: string): Histogram {
  return createHistogram(meter, { name, description, unit: "{retry}", bounds: retryBuckets });
}

/** Figures that are kept elsewhere and told when metrics are collected. */
export interface CountedCalls {
  readonly startedCalls: number;
  readonly attributes: Attributes;
  /** Records what has been put off until now. */
  settle?(): void;
}

/** A counter of what has begun, which costs calls nothing: it is read when metrics are collected. */
export function createStartedCounter(
  meter: Meter,
  { name, description, unit }: { readonly name: string; readonly description: string; readonly unit: string },
  counted: () => Iterable<CountedCalls>,
): ObservableCounter {
  const counter = meter.createObservableCounter(name, { description, unit });
  counter.addCallback((result) => {
    for (const calls of counted()) {
      calls.settle?.();
      result.observe(calls.startedCalls, calls.attributes);
    }
  });
  return counter;
}

interface HistogramOptions {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly bounds: readonly number[];
}

function createHistogram(meter: Meter, { name, description, unit, bounds }: HistogramOptions): Histogram {
  return meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries: [...bounds] } });
}
