import { drain } from "@rollcall/interceptors/server/drain";
import { recovery } from "@rollcall/interceptors/server/recovery";
import type { ServerInterceptor } from "@rollcall/rpc";
import type { Logger } from "./logger.js";
import type { RunningCalls } from "./running-calls.js";
import { errorDomain } from "./services/errors.js";
import { storeStatus } from "./services/store-status.js";

/** What the interceptors report to, and what they hear. */
export interface ServerInterceptorParts {
  readonly logger: Logger;
  readonly runningCalls: RunningCalls;
  /** Aborted when the server begins to go away. */
  readonly draining: AbortSignal;
  /** Aborted when running calls are waited for no longer. */
  readonly overdue: AbortSignal;
}

/** What surrounds every call of every service, the first outermost. */
export function createServerInterceptors(parts: ServerInterceptorParts): readonly ServerInterceptor[] {
  const { logger, runningCalls, draining, overdue } = parts;
  return [
    runningCalls.interceptor,
    recovery({
      domain: errorDomain,
      onError: (error, call) => {
        logger.error({ error, ...call }, "a call failed unexpectedly");
      },
    }),
    drain({ draining, overdue, domain: errorDomain }),
    storeStatus,
  ];
}
