import { findSourceChanges, findWireChanges } from "./breaking-changes.js";
import type { BreakingChange, BreakingOptions } from "./breaking-changes.js";

/** What both gates say about the protos. */
export interface Verdict {
  /** Gate 1: what breaks those who call the service. Anything here fails the build. */
  readonly wire: readonly BreakingChange[];
  /** Gate 2: what breaks those who build on the SDK. Anything here makes its next release a major one. */
  readonly source: readonly BreakingChange[];
}

/** Puts the protos through both gates. */
export async function judgeProtos(options: BreakingOptions): Promise<Verdict> {
  const [wire, source] = await Promise.all([findWireChanges(options), findSourceChanges(options)]);
  return { wire, source };
}

/** Says in plain words what the verdict is and what there is to do. */
export function formatVerdict({ wire, source }: Verdict): string {
  return [...formatWire(wire), ...formatSource(source)].join("\n");
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
