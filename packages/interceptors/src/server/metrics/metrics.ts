import { type InterceptedServerCall, type ServerInterceptor, Status } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { statusOnServer } from "../../ended-status.js";
import { elapsedSinceStartMs, measureCalls } from "../../metrics/measure-calls.js";
import { type PrometheusMetricsOptions, PrometheusTallies } from "../../metrics/prometheus-tallies.js";
import { type OpenTelemetryMetricsOptions, ServerCallRecorders } from "./server-call-recorder.js";

export type { OpenTelemetryMetricsOptions, PrometheusMetricsOptions };

/** Measures the calls that a server answers. */
export interface ServerMetrics extends ServerInterceptor {
  /**
   * Counts a call of a method that the server does not have, as service and method `other`. gRPC answers such calls before
   * any interceptor sees them, so whoever answers them has to tell.
   *
   * @param status - What the call was answered with. Defaults to `UNIMPLEMENTED`.
   */
  recordUnknownCall(status?: Status): void;
}

/**
 * Measures calls for Prometheus, under the names that go-grpc-middleware has made common: `grpc_server_started_total`,
 * `grpc_server_handled_total`, `grpc_server_msg_received_total`, `grpc_server_msg_sent_total` and the histogram
 * `grpc_server_handling_seconds`. All of a method's series exist as soon as its service is bound, at zero.
 *
 * A call is counted in plain numbers, which the registry of prom-client reads when it is asked for its metrics: what it
 * shows is what its own counters and histograms would, for a fraction of their cost.
 *
 * @throws TypeError for buckets that do not ascend, and for exemplars where the registry's format has no place for them.
 * @throws Error when the registry has metrics of these names already.
 */
export function prometheusMetrics(options: PrometheusMetricsOptions): ServerMetrics {
  const tallies = new PrometheusTallies("server", options);
  const unknown = tallies.ofUnknownMethods();
  const measuring = { statusOf: statusOnServer, elapsedMs: options.elapsedMs ?? elapsedSinceStartMs };
  const interceptor = withConcern<InterceptedServerCall>("metrics", (method) =>
    measureCalls(tallies.of(method), measuring),
  );
  return Object.assign(interceptor, {
    recordUnknownCall: (status = Status.UNIMPLEMENTED) => {
      unknown.countAnswered(status);
    },
  });
}

/**
 * Measures calls with OpenTelemetry, under the names that all gRPC libraries share: `grpc.server.call.started`,
 * `grpc.server.call.duration`, `grpc.server.call.rcvd_total_compressed_message_size` and
 * `grpc.server.call.sent_total_compressed_message_size`.
 *
 * The sizes of a call are recorded when metrics are next collected, since gRPC encodes a call's last responses after it
 * has ended.
 *
 * @see https://github.com/grpc/proposal/blob/master/A66-otel-stats.md
 */
export function openTelemetryMetrics(options: OpenTelemetryMetricsOptions): ServerMetrics {
  const recorders = new ServerCallRecorders(options.meter);
  const measuring = { statusOf: statusOnServer, elapsedMs: options.elapsedMs ?? elapsedSinceStartMs };
  const interceptor = withConcern<InterceptedServerCall>("metrics", ({ path }) =>
    measureCalls(recorders.of(path.slice(1)), measuring),
  );
  return Object.assign(interceptor, {
    recordUnknownCall: (status = Status.UNIMPLEMENTED) => {
      recorders.of("other").countAnswered(status);
    },
  });
}
