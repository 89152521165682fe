import * as openTelemetry from "@opentelemetry/api";
import { AlwaysOnSampler } from "@opentelemetry/sdk-trace-base";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";
import { userServiceRequestSchemas } from "@rollcall/contracts/user/v1/user_service.schema";
import { auth, bearerToken, createKeySet, createTokenVerifier } from "@rollcall/interceptors/server/auth";
import { authorize } from "@rollcall/interceptors/server/authorize";
import { deadline } from "@rollcall/interceptors/server/deadline";
import { drain } from "@rollcall/interceptors/server/drain";
import { idempotency } from "@rollcall/interceptors/server/idempotency";
import { loadShedding } from "@rollcall/interceptors/server/load-shedding";
import { logging } from "@rollcall/interceptors/server/logging";
import { prometheusMetrics } from "@rollcall/interceptors/server/metrics";
import { rateLimit } from "@rollcall/interceptors/server/rate-limit";
import { realIp } from "@rollcall/interceptors/server/real-ip";
import { recovery } from "@rollcall/interceptors/server/recovery";
import { requestId } from "@rollcall/interceptors/server/request-id";
import { requestSize } from "@rollcall/interceptors/server/request-size";
import { tracing } from "@rollcall/interceptors/server/tracing";
import { validate } from "@rollcall/interceptors/server/validate";
import { serverStack } from "@rollcall/interceptors/standard-order";
import { byPath, policiesByPath, type ServerInterceptor } from "@rollcall/rpc";
import type { JWK } from "jose";
import type { Logger } from "pino";
import { Registry } from "prom-client";
import { createLogger, createTracerProvider, sampleRatio } from "./telemetry.js";
import { tokenClaims } from "./token-key.js";

const domain = "rollcall";
const policies = policiesByPath(UserServiceDefinition, userServicePolicies);

/**
 * Every concern of a server, outermost first, with the policies of the user service. `GetUser` has no rate limit and needs
 * no idempotency, so those two leave it alone.
 */
export function everyConcern(tokenKey: JWK): readonly ServerInterceptor[] {
  const logger = createLogger();
  return serverStack([...observing(logger), ...admitting(logger), ...checkingCallers(tokenKey), ...checkingRequests()]);
}

function observing(logger: Logger): readonly ServerInterceptor[] {
  return [
    realIp({ trustedProxies: ["127.0.0.0/8"] }),
    requestId(),
    tracing({
      openTelemetry,
      tracer: createTracerProvider(new AlwaysOnSampler()).getTracer("bench"),
      sampleRatio,
    }),
    prometheusMetrics({ registry: new Registry() }),
    logging({ logger }),
  ];
}

function admitting(logger: Logger): readonly ServerInterceptor[] {
  const never = new AbortController().signal;
  return [
    recovery({
      domain,
      onError: (error, call) => {
        logger.error({ error, ...call }, "a call failed");
      },
    }),
    drain({ draining: never, overdue: never, domain }),
    deadline({ policies }),
    loadShedding({ domain }),
  ];
}

function checkingCallers(tokenKey: JWK): readonly ServerInterceptor[] {
  const { algorithm, issuer, audience } = tokenClaims;
  const verifier = createTokenVerifier({
    keys: createKeySet({ keys: [tokenKey] }),
    algorithms: [algorithm],
    issuer,
    audience,
  });
  return [
    auth({ policies, sources: [bearerToken(verifier)], domain }),
    authorize({ policies, domain }),
    rateLimit({ policies, domain }),
  ];
}

function checkingRequests(): readonly ServerInterceptor[] {
  return [
    requestSize({ policies, domain }),
    validate({ schemas: byPath(UserServiceDefinition, userServiceRequestSchemas), domain }),
    idempotency({ policies, answers: { find: async () => undefined }, domain }),
  ];
}
