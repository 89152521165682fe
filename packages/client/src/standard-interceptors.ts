import { circuitBreaker } from "@rollcall/interceptors/client/circuit-breaker";
import { deadline } from "@rollcall/interceptors/client/deadline";
import { type ClientLogger, logging } from "@rollcall/interceptors/client/logging";
import { openTelemetryMetrics, type OpenTelemetryMetricsOptions } from "@rollcall/interceptors/client/metrics";
import { requestId } from "@rollcall/interceptors/client/request-id";
import { retry } from "@rollcall/interceptors/client/retry";
import { tracing, type TracingOptions } from "@rollcall/interceptors/client/tracing";
import { clientStack } from "@rollcall/interceptors/standard-order";
import type { ClientInterceptor, ServiceConfig } from "@rollcall/rpc";
import { errorDomain } from "./error-domain.js";
import { policies } from "./policies.js";

/** Whom a client tells about its calls, and what else surrounds them. */
export interface InterceptorOptions {
  /** Hears of each call when it has ended, without anything of its messages: `console`, or a logger of pino. */
  readonly logger?: ClientLogger | undefined;
  /** Measures calls, for OpenTelemetry: `metrics.getMeter("my-program")`. */
  readonly meter?: OpenTelemetryMetricsOptions["meter"] | undefined;
  /** Traces calls, for OpenTelemetry: `{ openTelemetry }`, which is all of `@opentelemetry/api`. */
  readonly tracing?: TracingOptions | undefined;
  /** Surround every call, the first outermost, and all attempts at it. None by default. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/** What {@link standardInterceptors} needs to know of the client. */
export interface StandardInterceptorsOptions extends InterceptorOptions {
  readonly address: string;
  readonly serviceConfig: ServiceConfig;
  /** Shows who calls. */
  readonly auth: ClientInterceptor;
}

/**
 * What surrounds every call of a client, in the standard order.
 *
 * @throws TypeError for interceptors that are there twice, or cannot do their work where they stand.
 */
export function standardInterceptors(options: StandardInterceptorsOptions): readonly ClientInterceptor[] {
  const { address, serviceConfig, auth, logger, meter, interceptors = [] } = options;
  const traced = options.tracing && tracing(options.tracing);
  const measured = meter && openTelemetryMetrics({ meter, target: address });
  const stack = [
    deadline({ policies }),
    requestId(),
    traced,
    measured,
    logger && logging({ logger }),
    ...interceptors,
    retry({ policies, serviceConfig }),
    circuitBreaker({ domain: errorDomain }),
    auth,
    traced?.attempts,
    measured?.attempts,
  ];
  return clientStack(stack.filter((interceptor) => interceptor !== undefined));
}
