import type { DescMethod, FileRegistry } from "@bufbuild/protobuf";
import { readMessageOption } from "../read-option.js";
import type { OptionFields } from "./option-fields.js";
import { readFields } from "./option-fields.js";

/** The method option that holds a policy. */
export const policyOption = "rollcall.policy.v1.method";

/** The policy of an RPC as its proto declares it, right or wrong. */
export interface DeclaredPolicy {
  /** The name of a value of `rollcall.policy.v1.Access`, empty when unset. */
  readonly access: string;
  readonly subjectField: string;
  readonly roles: readonly string[];
  readonly defaultDeadlineMs: number | undefined;
  readonly maxDeadlineMs: number | undefined;
  /** 0 when unset. */
  readonly maxRequestBytes: number;
  readonly rateLimit: DeclaredRateLimit | undefined;
  readonly audit: boolean;
  readonly idempotencyKey: string;
}

/** A rate limit as its proto declares it, right or wrong. */
export interface DeclaredRateLimit {
  readonly requests: number;
  readonly perMs: number;
  /** The name of a value of `rollcall.policy.v1.RateLimitKey`, empty when unset. */
  readonly key: string;
  /** At least 1. */
  readonly cost: number;
}

/** Reads the policy of an RPC; `undefined` when it has none. */
export function readPolicy(method: DescMethod, registry: FileRegistry): DeclaredPolicy | undefined {
  const option = readMessageOption(registry, method, policyOption);
  if (option === undefined) {
    return undefined;
  }
  const fields = readFields(option);
  return {
    access: fields.choice("access"),
    subjectField: fields.text("subject_field"),
    roles: fields.texts("roles"),
    defaultDeadlineMs: fields.durationMs("default_deadline"),
    maxDeadlineMs: fields.durationMs("max_deadline"),
    maxRequestBytes: fields.number("max_request_bytes"),
    rateLimit: readRateLimit(fields.message("rate_limit")),
    audit: fields.flag("audit"),
    idempotencyKey: fields.text("idempotency_key"),
  };
}

function readRateLimit(fields: OptionFields | undefined): DeclaredRateLimit | undefined {
  if (fields === undefined) {
    return undefined;
  }
  return {
    requests: fields.number("requests"),
    perMs: fields.durationMs("per") ?? 0,
    key: fields.choice("key"),
    cost: Math.max(1, fields.number("cost")),
  };
}
