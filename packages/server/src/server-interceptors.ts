import * as openTelemetry from "@opentelemetry/api";
import { deadline } from "@rollcall/interceptors/server/deadline";
import { drain } from "@rollcall/interceptors/server/drain";
import { loadShedding } from "@rollcall/interceptors/server/load-shedding";
import { logging } from "@rollcall/interceptors/server/logging";
import type { ServerMetrics } from "@rollcall/interceptors/server/metrics";
import { rateLimit } from "@rollcall/interceptors/server/rate-limit";
import { realIp } from "@rollcall/interceptors/server/real-ip";
import { recovery } from "@rollcall/interceptors/server/recovery";
import { requestId } from "@rollcall/interceptors/server/request-id";
import { tracing } from "@rollcall/interceptors/server/tracing";
import { serverStack } from "@rollcall/interceptors/standard-order";
import type { ServerInterceptor } from "@rollcall/rpc";
import { auditCalls } from "./audit/audit-interceptor.js";
import type { Config } from "./config.js";
import type { Logger } from "./logger.js";
import { loggedPayloads } from "./logged-payloads.js";
import { methodPolicies as policies } from "./method-tables.js";
import type { Passwords } from "./passwords.js";
import type { RunningCalls } from "./running-calls.js";
import { errorDomain as domain } from "./services/errors.js";
import { createRequestInterceptors } from "./services/request-interceptors.js";
import { storeStatus } from "./services/store-status.js";
import type { Store } from "./storage/store.js";

/** What the interceptors look requests up in, report to, and hear. */
export interface ServerInterceptorParts {
  readonly config: Pick<Config, "trustedProxies">;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  readonly store: Pick<Store, "answers" | "write">;
  /** Let only those call whom the policies name. */
  readonly access: readonly ServerInterceptor[];
  readonly passwords: Passwords;
  readonly runningCalls: RunningCalls;
  /** Aborted when the server begins to go away. */
  readonly draining: AbortSignal;
  /** Aborted when running calls are waited for no longer. */
  readonly overdue: AbortSignal;
}

/** Share of the traces that begin here which are recorded, where the process has an OpenTelemetry SDK. */
const sampleRatio = 0.01;

/** What surrounds every call of every service, the first outermost. */
export function createServerInterceptors(parts: ServerInterceptorParts): readonly ServerInterceptor[] {
  return serverStack([...observing(parts), ...admitting(parts), ...checking(parts)]);
}

/** Sees every call, and how it ended. */
function observing({ config, logger, metrics, runningCalls }: ServerInterceptorParts): readonly ServerInterceptor[] {
  return [
    runningCalls.interceptor,
    realIp({ trustedProxies: config.trustedProxies }),
    requestId(),
    tracing({ openTelemetry, sampleRatio }),
    metrics,
    logging({ logger, redact: loggedPayloads }),
  ];
}

/** Turns failures into statuses, and calls away that the server has no time for. */
function admitting({ logger, store, draining, overdue }: ServerInterceptorParts): readonly ServerInterceptor[] {
  return [
    auditCalls({
      policies,
      store,
      onError: (error) => {
        logger.error({ error }, "a call that failed could not be written to the audit log");
      },
    }),
    recovery({
      domain,
      onError: (error, call) => {
        logger.error({ error, ...call }, "a call failed unexpectedly");
      },
    }),
    drain({ draining, overdue, domain }),
    storeStatus,
    deadline({ policies }),
    loadShedding({ domain }),
  ];
}

/** Lets only those requests through that their callers may make, and that are what they should be. */
function checking(parts: ServerInterceptorParts): readonly ServerInterceptor[] {
  return [...parts.access, rateLimit({ policies, domain }), ...createRequestInterceptors(parts)];
}
