import type { ClientInterceptor, InterceptedClientCall } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { statusOnClient } from "../../ended-status.js";
import { elapsedSinceStartMs, measureCalls } from "../../metrics/measure-calls.js";
import { type PrometheusMetricsOptions, PrometheusTallies } from "../../metrics/prometheus-tallies.js";
import { ClientCallRecorders, type OpenTelemetryMetricsOptions } from "./client-call-recorder.js";

export type { OpenTelemetryMetricsOptions, PrometheusMetricsOptions };

/** Measures the calls that a client makes, and what it takes to make them. */
export interface OpenTelemetryClientMetrics extends ClientInterceptor {
  /** Measures each attempt at a call. Put it innermost, within whatever repeats calls. */
  readonly attempts: ClientInterceptor;
}

/**
 * Measures calls for Prometheus, under the names that go-grpc-middleware has made common: `grpc_client_started_total`,
 * `grpc_client_handled_total`, `grpc_client_msg_received_total`, `grpc_client_msg_sent_total` and the histogram
 * `grpc_client_handling_seconds`. All of a method's series exist as soon as its client is created, at zero.
 *
 * A call is counted in plain numbers, which the registry of prom-client reads when it is asked for its metrics.
 *
 * @throws TypeError for buckets that do not ascend, and for exemplars where the registry's format has no place for them.
 * @throws Error when the registry has metrics of these names already.
 */
export function prometheusMetrics(options: PrometheusMetricsOptions): ClientInterceptor {
  const tallies = new PrometheusTallies("client", options);
  const measuring = { statusOf: statusOnClient, elapsedMs: options.elapsedMs ?? elapsedSinceStartMs };
  return withConcern<InterceptedClientCall>("metrics", (method) => measureCalls(tallies.of(method), measuring));
}

/**
 * Measures calls with OpenTelemetry, under the names that all gRPC libraries share: `grpc.client.call.duration`, and where
 * {@link OpenTelemetryClientMetrics.attempts} is installed `grpc.client.attempt.started`, `grpc.client.attempt.duration`,
 * `grpc.client.attempt.sent_total_compressed_message_size`, `grpc.client.attempt.rcvd_total_compressed_message_size`,
 * `grpc.client.call.retries` and `grpc.client.call.retry_delay`.
 *
 * An attempt is what interceptors make of a call. Repeats that the channel makes by itself, as its service config says,
 * are part of one attempt: the channel tells nobody.
 *
 * @see https://github.com/grpc/proposal/blob/master/A66-otel-stats.md
 * @see https://github.com/grpc/proposal/blob/master/A96-retry-otel-stats.md
 */
export function openTelemetryMetrics(options: OpenTelemetryMetricsOptions): OpenTelemetryClientMetrics {
  const elapsedMs = options.elapsedMs ?? elapsedSinceStartMs;
  const recorders = new ClientCallRecorders(options, elapsedMs);
  const measuring = { statusOf: statusOnClient, elapsedMs };
  const interceptor = withConcern<InterceptedClientCall>("metrics", ({ path }) =>
    measureCalls(recorders.callsOf(path.slice(1)), measuring),
  );
  const attempts: ClientInterceptor = ({ path }) => measureCalls(recorders.attemptsOf(path.slice(1)), measuring);
  return Object.assign(interceptor, { attempts });
}
