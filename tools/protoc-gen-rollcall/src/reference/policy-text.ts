import type { DescMethod } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { DeclaredPolicy } from "../policy/declared-policy.js";
import { code, either } from "./markdown.js";

/** Who may call: `the user named by id, and whoever has the role admin`. */
export function describeAccess({ access, roles, subjectField }: DeclaredPolicy): string {
  const withRole = roles.length === 0 ? [] : [`whoever has the role ${either(roles.map(code))}`];
  switch (access) {
    case "ACCESS_PUBLIC":
      return "anybody";
    case "ACCESS_SELF":
      return [`the user named by ${code(subjectField)}`, ...withRole].join(", and ");
    default:
      return withRole[0] ?? "whoever is signed in";
  }
}

/** Whether a call may be repeated. */
export function describeRepetition({ idempotency }: DescMethod, policy: DeclaredPolicy | undefined): string {
  if (idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS) {
    return "safe, there are no side effects";
  }
  if (idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT) {
    return "safe, nothing more changes";
  }
  const key = policy?.idempotencyKey ?? "";
  return key === "" ? "not safe" : `safe with the same ${code(key)}`;
}

/** Everything else that a policy says, as pairs of what and how much. */
export function describeLimits(
  { methodKind }: DescMethod,
  policy: DeclaredPolicy,
): readonly (readonly [string, string])[] {
  const { defaultDeadlineMs, maxDeadlineMs, maxRequestBytes, rateLimit, audit } = policy;
  const largest = methodKind === "unary" || methodKind === "server_streaming" ? "Largest request" : "Largest message";
  return [
    ["Deadline", describeDeadline(defaultDeadlineMs, maxDeadlineMs)],
    ...(maxRequestBytes === 0 ? [] : [[largest, describeBytes(maxRequestBytes)] as const]),
    ...(rateLimit === undefined ? [] : [["Rate limit", describeRate(rateLimit)] as const]),
    ...(audit ? [["Audit", "calls are written to the audit log"] as const] : []),
  ];
}

function describeDeadline(defaultMs: number | undefined, maxMs: number | undefined): string {
  if (defaultMs === undefined) {
    return "none, a call may stay open";
  }
  const most = maxMs === undefined ? "" : `, ${describeSpan(maxMs)} at most`;
  return maxMs === defaultMs
    ? `${describeSpan(defaultMs)}, or less if the caller says so`
    : `${describeSpan(defaultMs)}, or what the caller says${most}`;
}

function describeRate({ requests, perMs, key, cost }: NonNullable<DeclaredPolicy["rateLimit"]>): string {
  const calls = Math.floor(requests / cost);
  const who = key === "RATE_LIMIT_KEY_PEER" ? "address" : "user";
  const unit = spans.find(({ ms }) => ms === perMs);
  return `${calls} ${calls === 1 ? "call" : "calls"} in ${unit === undefined ? describeSpan(perMs) : `a ${unit.one}`} for each ${who}`;
}

const spans = [
  { ms: 3_600_000, one: "hour", many: "hours" },
  { ms: 60_000, one: "minute", many: "minutes" },
  { ms: 1_000, one: "second", many: "seconds" },
];

function describeSpan(durationMs: number): string {
  const span = spans.find(({ ms }) => durationMs % ms === 0);
  if (span === undefined) {
    return `${durationMs} ms`;
  }
  const count = durationMs / span.ms;
  return `${count} ${count === 1 ? span.one : span.many}`;
}

function describeBytes(bytes: number): string {
  const mebibyte = 1024 * 1024;
  if (bytes % mebibyte === 0) {
    return `${bytes / mebibyte} MiB`;
  }
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
