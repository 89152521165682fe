import type { DeclaredRule } from "@rollcall/tool-protoc-gen-rollcall";
import type { ChangeOfRule } from "./rule-change.js";

/**
 * Says how one rule on a field changed. What the rule means is told by its name alone: a bound, a list, or a condition,
 * of which nobody can tell whether another one accepts more.
 *
 * @param path - The rule, such as `string.max_len`.
 */
export function compareRule(
  path: string,
  before: DeclaredRule | undefined,
  after: DeclaredRule | undefined,
): readonly ChangeOfRule[] {
  const name = path.split(".").at(-1) ?? "";
  const [old, now] = [textOf(before), textOf(after)];
  if (old === now) {
    return [];
  }
  const change = (tightened: boolean, message: string): ChangeOfRule => ({
    kind: tightened ? "tightened" : "loosened",
    rule: path,
    message,
  });
  if (before === undefined || after === undefined) {
    const message = before === undefined ? `is new: ${now}` : `is gone, it was ${old}`;
    return [change((before === undefined) !== (name === "ignore"), message)];
  }
  if (name === "in" || name === "not_in") {
    return compareLists(before, after).map(({ added, value }) =>
      change(added === (name === "not_in"), `${added ? "has new" : "no longer has"} ${value}`),
    );
  }
  return [change(!isWider(name, before, after), `was ${old} and is ${now}`)];
}

function textOf(rule: DeclaredRule | undefined): string {
  return rule?.values.map(({ text }) => text).join(", ") ?? "";
}

const lowerBound = /^(?:min_.*|gte?)$/;
const upperBound = /^(?:max_.*|lte?|within|ignore)$/; // the more is ignored, the more is accepted

/** Whether a bound moved outwards. Anything else that changed counts as narrower. */
function isWider(name: string, { values: [before] }: DeclaredRule, { values: [after] }: DeclaredRule): boolean {
  const [old, now] = [orderOf(before), orderOf(after)];
  if (old === undefined || now === undefined) {
    return false;
  }
  return (lowerBound.test(name) && now < old) || (upperBound.test(name) && now > old);
}

function orderOf(value: DeclaredRule["values"][number] | undefined): number | bigint | undefined {
  return value?.order;
}

function compareLists(before: DeclaredRule, after: DeclaredRule): readonly { added: boolean; value: string }[] {
  const texts = (rule: DeclaredRule) => rule.values.map(({ text }) => text);
  const gone = texts(before).filter((text) => !texts(after).includes(text));
  const added = texts(after).filter((text) => !texts(before).includes(text));
  return [...gone.map((value) => ({ added: false, value })), ...added.map((value) => ({ added: true, value }))];
}
