import type { DeclaredPolicy } from "@rollcall/tool-protoc-gen-rollcall";
import type { ChangeOfRule } from "./rule-change.js";

const anybody = "anybody";
const anybodySignedIn = "whoever is signed in";

/** Says who may no longer call, and who may now. */
export function compareAccess(before: DeclaredPolicy, after: DeclaredPolicy): readonly ChangeOfRule[] {
  const [old, now] = [callersOf(before), callersOf(after)];
  const shut = old.filter((caller) => !includes(now, caller));
  const admitted = now.filter((caller) => !includes(old, caller));
  return [
    ...shut.map((caller) => change("tightened", `${caller} may no longer call`)),
    ...admitted.map((caller) => change("loosened", `${caller} may now call`)),
  ];
}

function change(kind: ChangeOfRule["kind"], message: string): ChangeOfRule {
  return { kind, rule: "policy.access", message };
}

/** The groups of callers that pass. */
function callersOf({ access, roles, subjectField }: DeclaredPolicy): readonly string[] {
  const withRoles = roles.map((role) => `whoever has the role ${JSON.stringify(role)}`);
  switch (access) {
    case "ACCESS_PUBLIC":
      return [anybody];
    case "ACCESS_SELF":
      return [`the user named by ${subjectField}`, ...withRoles];
    default:
      return roles.length === 0 ? [anybodySignedIn] : withRoles;
  }
}

/** Whether one of the groups holds all of another. */
function includes(groups: readonly string[], group: string): boolean {
  return groups.includes(anybody) || groups.includes(group) || (groups.includes(anybodySignedIn) && group !== anybody);
}
