import type { Exception } from "./exceptions.js";
import type { RuleVerdict } from "./judge-rules.js";
import type { RuleChange } from "./rule-change.js";

/** Whether the build passes. */
export function areRulesKept({ tightened, expired }: RuleVerdict): boolean {
  return tightened.length === 0 && expired.length === 0;
}

/** Says in plain words what changed in the rules and what there is to do. */
export function formatRules(verdict: RuleVerdict): readonly string[] {
  const { tightened, excepted, loosened, expired, unused, notCompared } = verdict;
  const passed = areRulesKept(verdict);
  return [
    `gate 3, rules, policies and errors: ${passed ? "passed" : "failed, callers built against the last release would notice"}`,
    ...tightened.map((change) => `  tightened: ${formatChange(change)}`),
    ...excepted.map(
      ({ change, exception }) => `  tightened, let pass: ${formatChange(change)}; ${formatReason(exception)}`,
    ),
    ...loosened.map((change) => `  loosened: ${formatChange(change)}`),
    ...expired.map(
      (exception) =>
        `  expired exception: ${formatException(exception)}; take the change back, or agree on a later day`,
    ),
    ...unused.map((exception) => `  unused exception: ${formatException(exception)}; nothing needs it, remove it`),
    ...notCompared.map((subject) => `  not compared: ${subject}; the last release declares none`),
    ...(tightened.length === 0 ? [] : advice),
  ];
}

const advice = [
  "  take the change back, or list it in proto/breaking-exceptions.json:",
  '  {"exceptions": [{"scope": "user.v1.User.name", "rule": "string.max_len", "reason": "...", "expires": "2030-12-31"}]}',
];

function formatChange({ scope, rule, message }: RuleChange): string {
  return `${scope}: ${rule} ${message}`;
}

function formatReason({ reason, expires }: Exception): string {
  return `${reason} (until ${expires})`;
}

function formatException(exception: Exception): string {
  const { scope, rule } = exception;
  return `${scope}${rule === undefined ? "" : ` ${rule}`}, ${formatReason(exception)}`;
}
