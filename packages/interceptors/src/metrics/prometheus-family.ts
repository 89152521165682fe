import type { Metric } from "prom-client";

/** What is used of a `Registry` of prom-client. */
export interface PrometheusRegistry {
  readonly contentType: string;
  registerMetric(metric: Metric): void;
}

/** One line of what Prometheus reads, as prom-client's metrics hand it to their registry. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** The name on the line where it is not the metric's own. */
  readonly metricName?: string;
  readonly exemplar?: PrometheusExemplar | undefined;
}

/** What prom-client writes behind a sample in the OpenMetrics format. */
interface PrometheusExemplar {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  /** Seconds since the epoch. */
  readonly timestamp: number;
}

/** A metric whose figures are kept elsewhere and read when Prometheus asks. */
export interface FamilyOptions {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "histogram";
  readonly samples: () => Sample[];
  readonly reset: () => void;
}

/**
 * Registers a metric. prom-client has no way to set what its own histograms have counted; a registry asks its metrics for
 * no more than this, so format, labels of the registry, aggregation over a cluster and the rest stay with it.
 */
export function registerFamily(
  registry: PrometheusRegistry,
  { name, help, type, samples, reset }: FamilyOptions,
): void {
  const aggregator = "sum" as const;
  const metric = {
    name, // for OpenMetrics the registry takes the ending from the name of a counter
    help,
    type,
    aggregator,
    reset,
    get: async () => ({ name: metric.name, help, type, aggregator, values: samples() }),
  };
  // A registry's types ask for one of prom-client's own classes, of which it uses what `metric` has.
  registry.registerMetric(metric as unknown as Metric);
}
