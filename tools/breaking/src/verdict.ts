import { findSourceChanges, findWireChanges } from "./breaking-changes.js";
import type { BreakingChange, BreakingOptions } from "./breaking-changes.js";
import { areRulesKept, formatRules } from "./rules/format-rules.js";
import { judgeRules } from "./rules/judge-rules.js";
import type { RuleVerdict } from "./rules/judge-rules.js";

/** What the gates say about the protos. */
export interface Verdict {
  /** Gate 1: what breaks those who call the service. Anything here fails the build. */
  readonly wire: readonly BreakingChange[];
  /** Gate 2: what breaks those who build on the SDK. Anything here makes its next release a major one. */
  readonly source: readonly BreakingChange[];
  /** Gate 3: what Buf does not see, since it is said in options. */
  readonly rules: RuleVerdict;
}

/** Puts the protos through all gates. */
export async function judgeProtos(options: BreakingOptions): Promise<Verdict> {
  const [wire, source, rules] = await Promise.all([
    findWireChanges(options),
    findSourceChanges(options),
    judgeRules(options),
  ]);
  return { wire, source, rules };
}

/** Whether the build passes. */
export function isPassed({ wire, rules }: Verdict): boolean {
  return wire.length === 0 && areRulesKept(rules);
}

/** Says in plain words what the verdict is and what there is to do. */
export function formatVerdict({ wire, source, rules }: Verdict): string {
  return [...formatWire(wire), ...formatSource(source), ...formatRules(rules)].join("\n");
}

function formatWire(changes: readonly BreakingChange[]): readonly string[] {
  if (changes.length === 0) {
    return ["gate 1, callers of the service: passed, programs built against the last release go on working"];
  }
  return [
    "gate 1, callers of the service: failed, programs built against the last release would break",
    ...changes.map(formatChange),
    "  take the change back, or add a field, an RPC or a message beside the old one;",
    '  a field may go when its number and its name are reserved: reserved 8; reserved "phone";',
  ];
}

function formatSource(changes: readonly BreakingChange[]): readonly string[] {
  if (changes.length === 0) {
    return ["gate 2, users of the SDK: the next SDK release may be a minor one"];
  }
  return ["gate 2, users of the SDK: the next SDK release must be a major one:", ...changes.map(formatChange)];
}

function formatChange({ rule, path, message }: BreakingChange): string {
  return `  ${path === "" ? "" : `${path}: `}${message} (${rule})`;
}
