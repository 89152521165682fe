import type { DescMethod, FileRegistry } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { readPolicy } from "@rollcall/tool-protoc-gen-rollcall";
import type { DeclaredPolicy, DeclaredRateLimit } from "@rollcall/tool-protoc-gen-rollcall";
import { compareAccess } from "./compare-access.js";
import { compareAmounts } from "./rule-change.js";
import type { ChangeOfRule, RuleChange } from "./rule-change.js";

/** Lists what changed in the policies of RPCs that there were before, and in whether their calls may be repeated. */
export function comparePolicies(before: FileRegistry, after: FileRegistry): readonly RuleChange[] {
  return listMethods(after).flatMap((method) => {
    const old = before.getService(method.parent.typeName)?.methods.find(({ name }) => name === method.name);
    if (old === undefined) {
      return [];
    }
    const policies = comparePolicy(readPolicy(old, before), readPolicy(method, after));
    const scope = `${method.parent.typeName}.${method.name}`;
    return [...policies, ...compareIdempotency(old, method)].map((change) => ({ ...change, scope }));
  });
}

function listMethods(registry: FileRegistry): readonly DescMethod[] {
  return [...registry.files].flatMap(({ services }) => services.flatMap(({ methods }) => methods));
}

/** An RPC without a policy demands nothing. */
const noPolicy: DeclaredPolicy = {
  access: "ACCESS_PUBLIC",
  subjectField: "",
  roles: [],
  defaultDeadlineMs: undefined,
  maxDeadlineMs: undefined,
  maxRequestBytes: 0,
  rateLimit: undefined,
  audit: false,
  idempotencyKey: "",
};

function comparePolicy(before = noPolicy, after = noPolicy): readonly ChangeOfRule[] {
  return [
    ...compareAccess(before, after),
    ...compareLimit("default_deadline", "ms", before.defaultDeadlineMs, after.defaultDeadlineMs),
    ...compareLimit("max_deadline", "ms", before.maxDeadlineMs, after.maxDeadlineMs),
    ...compareLimit(
      "max_request_bytes",
      "bytes",
      before.maxRequestBytes || undefined,
      after.maxRequestBytes || undefined,
    ),
    ...compareRates(before.rateLimit, after.rateLimit),
    ...compareIdempotencyKeys(before.idempotencyKey, after.idempotencyKey),
    ...(before.audit && !after.audit ? [loosened("audit", "calls are no longer written to the audit log")] : []),
  ];
}

function compareLimit(
  name: string,
  unit: string,
  before: number | undefined,
  after: number | undefined,
): readonly ChangeOfRule[] {
  const say = (limit: number | undefined) => (limit === undefined ? "none" : `${limit} ${unit}`);
  const message = `was ${say(before)} and is ${say(after)}`;
  return compareAmounts(`policy.${name}`, before ?? Infinity, after ?? Infinity, message);
}

function compareRates(before?: DeclaredRateLimit, after?: DeclaredRateLimit): readonly ChangeOfRule[] {
  const callsPerSecond = (limit?: DeclaredRateLimit) =>
    limit === undefined ? Infinity : (limit.requests / limit.cost / limit.perMs) * 1_000;
  const callsAtOnce = (limit?: DeclaredRateLimit) => (limit === undefined ? Infinity : limit.requests / limit.cost);
  const say = (limit?: DeclaredRateLimit) =>
    limit === undefined ? "none" : `${callsAtOnce(limit)} calls in ${limit.perMs} ms`;
  const message = `was ${say(before)} and is ${say(after)}`;
  const [rate] = [
    ...compareAmounts("policy.rate_limit", callsPerSecond(before), callsPerSecond(after), message),
    ...compareAmounts("policy.rate_limit", callsAtOnce(before), callsAtOnce(after), message),
  ].sort((one, other) => (one.kind === other.kind ? 0 : one.kind === "tightened" ? -1 : 1));
  const counted = before === undefined || after === undefined || before.key === after.key;
  const key = { kind: "tightened", rule: "policy.rate_limit.key", message: "counts other calls together" } as const;
  return [...(rate === undefined ? [] : [rate]), ...(counted ? [] : [key])];
}

function compareIdempotencyKeys(before: string, after: string): readonly ChangeOfRule[] {
  const rule = "policy.idempotency_key";
  if (before === after) {
    return [];
  }
  return before === ""
    ? [loosened("idempotency_key", `a repeat with the same ${after} is now safe`)]
    : [{ kind: "tightened", rule, message: `a repeat with the same ${before} is no longer safe` }];
}

function compareIdempotency(before: DescMethod, after: DescMethod): readonly ChangeOfRule[] {
  const message = `was ${nameOf(before)} and is ${nameOf(after)}`;
  return compareAmounts("idempotency_level", rankOf(before), rankOf(after), message);
}

/** How freely calls may be repeated. */
function rankOf({ idempotency }: DescMethod): number {
  switch (idempotency) {
    case MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS:
      return 2;
    case MethodOptions_IdempotencyLevel.IDEMPOTENT:
      return 1;
    default:
      return 0;
  }
}

function nameOf({ idempotency }: DescMethod): string {
  return MethodOptions_IdempotencyLevel[idempotency];
}

function loosened(name: string, message: string): ChangeOfRule {
  return { kind: "loosened", rule: `policy.${name}`, message };
}
