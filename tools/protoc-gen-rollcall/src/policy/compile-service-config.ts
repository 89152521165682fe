import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { MethodConfig, ServiceConfig, ServiceConfigDuration } from "@rollcall/rpc";
import type { DeclaredPolicy } from "./declared-policy.js";

/** How calls that may be repeated are: after a failure, or those without side effects also before one. */
export type Repetition = "retry" | "hedge";

/** An RPC and its policy. */
export interface MethodWithPolicy {
  readonly method: DescMethod;
  readonly policy: DeclaredPolicy;
}

/** The only code that says that repeating the call may help (https://google.aip.dev/194). */
const repeatableCodes = ["UNAVAILABLE"];

const retryPolicy = {
  maxAttempts: 4,
  initialBackoff: "0.1s",
  maxBackoff: "1s",
  backoffMultiplier: 2,
  retryableStatusCodes: repeatableCodes,
} as const;

const hedgingPolicy = { maxAttempts: 3, hedgingDelay: "0.5s", nonFatalStatusCodes: repeatableCodes } as const;

const retryThrottling = { maxTokens: 10, tokenRatio: 0.1 };

/** What channels do with the calls of a service by themselves: time limits, and repeats of what may be repeated. */
export function compileServiceConfig(
  service: DescService,
  methods: readonly MethodWithPolicy[],
  repetition: Repetition,
): ServiceConfig {
  return {
    methodConfig: methods
      .map(({ method, policy }) => compileMethodConfig(service, method, policy, repetition))
      .filter((config) => Object.keys(config).length > 1),
    retryThrottling,
  };
}

function compileMethodConfig(
  service: DescService,
  method: DescMethod,
  { defaultDeadlineMs, maxDeadlineMs = defaultDeadlineMs }: DeclaredPolicy,
  repetition: Repetition,
): MethodConfig {
  return {
    name: [{ service: service.typeName, method: method.name }],
    // gRPC takes the nearer of this and the caller's own deadline: the default here would cap what callers may ask for.
    ...(maxDeadlineMs === undefined ? {} : { timeout: durationOf(maxDeadlineMs) }),
    ...compileRepetition(method, repetition),
  };
}

/** Streams are resumed by their own means: what was sent and received already cannot be taken back. */
function compileRepetition({ methodKind, idempotency }: DescMethod, repetition: Repetition): Partial<MethodConfig> {
  if (methodKind !== "unary" || idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN) {
    return {};
  }
  const harmless = idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
  return repetition === "hedge" && harmless ? { hedgingPolicy } : { retryPolicy };
}

/** With all nine digits of a fraction, or none: grpc-js takes the digits of a timeout for nanoseconds as they stand. */
function durationOf(durationMs: number): ServiceConfigDuration {
  const fractionMs = durationMs % 1_000;
  const fraction = String(fractionMs * 1_000_000).padStart(9, "0");
  return `${Math.floor(durationMs / 1_000)}${fractionMs === 0 ? "" : `.${fraction}`}s` as ServiceConfigDuration; // a number by construction
}
