import type { Attributes } from "@opentelemetry/api";
import { DataPointType, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";

/** One figure of OpenTelemetry: a count, or how often values were recorded, their sum and the bounds they are sorted by. */
export interface Figure {
  readonly attributes: Attributes;
  readonly value: number | { readonly count: number; readonly sum: number | undefined } | undefined;
  readonly bounds?: readonly number[];
}

class TestReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {
    // there is nothing to flush: metrics are collected when the test asks
  }
  protected override async onShutdown(): Promise<void> {
    // nothing is open
  }
}

/** Makes a meter, and what reads its metrics: by their names, all that they have to say. */
export function createTestMeter() {
  const reader = new TestReader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter("test");
  const collect = async (): Promise<ReadonlyMap<string, readonly Figure[]>> => {
    const { resourceMetrics, errors } = await reader.collect();
    if (errors.length > 0) {
      throw new AggregateError(errors);
    }
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(metrics.map((metric) => [metric.descriptor.name, figuresOf(metric)]));
  };
  return { meter, collect };
}

type MetricData = Awaited<
  ReturnType<MetricReader["collect"]>
>["resourceMetrics"]["scopeMetrics"][number]["metrics"][number];

function figuresOf(metric: MetricData): readonly Figure[] {
  if (metric.dataPointType !== DataPointType.HISTOGRAM) {
    return metric.dataPoints.map(({ attributes, value }) => ({
      attributes,
      value: typeof value === "number" ? value : undefined,
    }));
  }
  return metric.dataPoints.map(({ attributes, value: { count, sum, buckets } }) => ({
    attributes,
    value: { count, sum },
    bounds: buckets.boundaries,
  }));
}
