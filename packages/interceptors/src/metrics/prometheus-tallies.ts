import type { Method, MethodKind } from "@rollcall/rpc";
import { checkBuckets, latencyBucketsS } from "./buckets.js";
import { CallTally, type TallyOptions } from "./call-tally.js";
import { type PrometheusRegistry, registerFamily, type Sample } from "./prometheus-family.js";
import { handledSamples, latencySampler, type Series } from "./prometheus-samples.js";

/** Where the figures go, and what is counted. */
export interface PrometheusMetricsOptions {
  /** A `Registry` of prom-client. */
  readonly registry: PrometheusRegistry;
  /** The upper bounds of the histogram, ascending, in seconds. Defaults to those of gRPC's own metrics, 0 to 100. */
  readonly latencyBucketsS?: readonly number[] | undefined;
  /**
   * Whether each bucket of the histogram names the trace of a recorded call that fell into it. Needs a registry in the
   * OpenMetrics format. Defaults to false.
   */
  readonly exemplars?: boolean | undefined;
  /** Milliseconds since some fixed moment, to take durations by. Defaults to `performance.now`. */
  readonly elapsedMs?: (() => number) | undefined;
  /** Current time in milliseconds since the epoch, for exemplars. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const typeLabels: Readonly<Record<MethodKind, string>> = {
  unary: "unary",
  serverStreaming: "server_stream",
  clientStreaming: "client_stream",
  bidiStreaming: "bidi_stream",
};

/**
 * The figures of all methods on one side, as a registry of prom-client shows them.
 *
 * @see https://github.com/grpc-ecosystem/go-grpc-middleware/tree/main/providers/prometheus
 */
export class PrometheusTallies {
  readonly #series = new Map<string, Series>();
  readonly #boundsS: readonly number[];
  readonly #options: TallyOptions;

  /**
   * @throws TypeError for buckets that do not ascend, and for exemplars that the registry's format has no place for.
   */
  constructor(side: "server" | "client", options: PrometheusMetricsOptions) {
    const { registry, exemplars = false, now = Date.now } = options;
    if (exemplars && !registry.contentType.startsWith("application/openmetrics-text")) {
      throw new TypeError(`exemplars is true for a registry of "${registry.contentType}"; it takes one of OpenMetrics`);
    }
    this.#boundsS = checkBuckets(options.latencyBucketsS ?? latencyBucketsS);
    this.#options = { latencyBucketsS: this.#boundsS, exemplarTime: exemplars ? now : undefined };
    this.#register(side, registry);
  }

  /** The figures of the method, from now on part of what the registry shows. */
  of(method: Method): CallTally {
    const { path, kind, service, name } = method;
    return this.#add(path, { grpc_type: typeLabels[kind], grpc_service: service, grpc_method: name }, method);
  }

  /** The figures of all calls of methods that nobody knows. */
  ofUnknownMethods(): CallTally {
    const labels = { grpc_type: "other", grpc_service: "other", grpc_method: "other" };
    return this.#add("other", labels, { requestStream: false, responseStream: false });
  }

  #add(path: string, labels: Series["labels"], kind: Pick<Method, "requestStream" | "responseStream">): CallTally {
    const series = this.#series.get(path) ?? { labels, tally: new CallTally(kind, this.#options) };
    this.#series.set(path, series);
    return series.tally;
  }

  #register(side: "server" | "client", registry: PrometheusRegistry): void {
    const [received, sent] =
      side === "server" ? (["requests", "responses"] as const) : (["responses", "requests"] as const);
    const register = (name: string, help: string, samples: (series: Series) => Sample[]) => {
      const type = name.endsWith("_total") ? "counter" : "histogram";
      registerFamily(registry, {
        name: `grpc_${side}_${name}`,
        help: `${help} the ${side}.`,
        type,
        samples: () => [...this.#series.values()].flatMap(samples),
        reset: () => {
          this.#series.forEach(({ tally }) => {
            tally.reset();
          });
        },
      });
    };
    register("started_total", "Calls started on", ({ labels, tally }) => [{ labels, value: tally.startedCalls }]);
    register("handled_total", "Calls completed, by status, on", handledSamples);
    register("msg_received_total", "Messages received by", ({ labels, tally }) => [{ labels, value: tally[received] }]);
    register("msg_sent_total", "Messages sent by", ({ labels, tally }) => [{ labels, value: tally[sent] }]);
    const latencySamples = latencySampler(`grpc_${side}_handling_seconds`, this.#boundsS);
    register("handling_seconds", "Seconds that calls took, by status, on", latencySamples);
  }
}
