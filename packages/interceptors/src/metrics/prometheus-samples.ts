import { Status } from "@rollcall/rpc";
import type { CallTally } from "./call-tally.js";
import type { LatencyHistogram } from "./latency-histogram.js";
import type { Sample } from "./prometheus-family.js";

/** The figures of one method, and how Prometheus tells them from those of others. */
export interface Series {
  readonly labels: Readonly<Record<"grpc_type" | "grpc_service" | "grpc_method", string>>;
  readonly tally: CallTally;
}

const statuses = Object.values(Status).filter((status) => typeof status === "number");

/** How many calls ended with each status, also with those that none has ended with. */
export function handledSamples({ labels, tally }: Series): Sample[] {
  return statuses.map((status) => ({ labels: withCode(labels, status), value: tally.endedWith(status) }));
}

/** Tells how long calls took, for each status that any has ended with, and for `OK`. */
export function latencySampler(name: string, boundsS: readonly number[]): (series: Series) => Sample[] {
  return ({ labels, tally }) =>
    statuses.flatMap((status) => {
      const latency = tally.latencyOf(status);
      return latency === undefined ? [] : latencySamples(name, withCode(labels, status), latency, boundsS);
    });
}

function withCode(labels: Series["labels"], status: Status): Sample["labels"] {
  return { ...labels, grpc_code: Status[status] };
}

function latencySamples(
  name: string,
  labels: Sample["labels"],
  latency: LatencyHistogram,
  boundsS: readonly number[],
): Sample[] {
  let count = 0;
  const buckets = [...boundsS, "+Inf"].map((le, bucket): Sample => {
    count += latency.countOf(bucket);
    const exemplar = exemplarOf(latency, bucket);
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: count, exemplar };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: latency.sumS },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

function exemplarOf(latency: LatencyHistogram, bucket: number): Sample["exemplar"] {
  const exemplar = latency.exemplarOf(bucket);
  if (exemplar === undefined) {
    return undefined;
  }
  const { trace, durationS, timeMs } = exemplar;
  return {
    labelSet: { trace_id: trace.traceId, span_id: trace.spanId },
    value: durationS,
    timestamp: timeMs / 1_000,
  };
}
