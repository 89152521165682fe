import type { DescMethod } from "@bufbuild/protobuf";
import type { AccessPolicy, MethodPolicy, RateLimitPolicy } from "@rollcall/rpc";
import { propertyNameOf } from "../naming.js";
import type { DeclaredPolicy, DeclaredRateLimit } from "./declared-policy.js";

/** The policy of an RPC as programs use it, of a declaration in which there are no mistakes. */
export function compilePolicy(method: DescMethod, policy: DeclaredPolicy): MethodPolicy {
  const { defaultDeadlineMs, maxDeadlineMs, maxRequestBytes, rateLimit, audit, idempotencyKey } = policy;
  return {
    access: compileAccess(method, policy),
    ...(defaultDeadlineMs === undefined ? {} : { defaultDeadlineMs }),
    ...(maxDeadlineMs === undefined ? {} : { maxDeadlineMs }),
    ...(maxRequestBytes === 0 ? {} : { maxRequestBytes }),
    ...(rateLimit === undefined ? {} : { rateLimit: compileRateLimit(rateLimit) }),
    audit,
    ...(idempotencyKey === "" ? {} : { idempotencyKey: propertyOf(method, idempotencyKey) }),
  };
}

function compileAccess(method: DescMethod, { access, roles, subjectField }: DeclaredPolicy): AccessPolicy {
  switch (access) {
    case "ACCESS_PUBLIC":
      return { kind: "public" };
    case "ACCESS_SELF":
      return { kind: "self", subjectField: propertyOf(method, subjectField), roles };
    default:
      return { kind: "authenticated", roles };
  }
}

function compileRateLimit({ requests, perMs, key, cost }: DeclaredRateLimit): RateLimitPolicy {
  return { requests, perMs, key: key === "RATE_LIMIT_KEY_PEER" ? "peer" : "subject", cost };
}

function propertyOf({ input }: DescMethod, name: string): string {
  const field = input.fields.find((candidate) => candidate.name === name);
  return field === undefined ? name : propertyNameOf(field);
}
