import type { z } from "zod";
import { withQuickTest } from "./quick-test.js";
import { keepsAll, requiredRule } from "./rule.js";
import type { Rule, ZeroOptions } from "./rule.js";

/** What there is to know about the type of a value. */
export interface ValueType<T> {
  /** Whether it is of the type at all. */
  is(value: unknown): value is T;
  /** Whether it is the value that a field has which was never set. */
  isZero(value: T): boolean;
}

/** The rules that the schema's values keep, each broken one an issue with its `ruleId` among the `params`. */
export function ruled<T, S extends z.ZodType>(
  schema: S,
  type: ValueType<T>,
  rules: readonly Rule<T>[],
  zero: ZeroOptions,
): S {
  const checked =
    rules.length === 0 && zero.required !== true
      ? schema
      : schema.check((payload) => {
          // The schema has made sure of the type before any check runs.
          const value = payload.value as T;
          for (const rule of brokenRules(type, rules, zero, value)) {
            payload.issues.push(issueOf(rule, value));
          }
        });
  const keeps = rulesTest(type, rules, zero);
  const test = (value: unknown) => type.is(value) && keeps(value);
  return withQuickTest(checked, () => test);
}

/** The issue that says which rule a value breaks. */
export function issueOf(rule: Rule<never>, input: unknown) {
  const { ruleId, message } = rule;
  return { code: "custom" as const, message, input, params: { ruleId }, continue: true };
}

/** The rules that a value breaks. */
export function brokenRules<T>(
  type: ValueType<T>,
  rules: readonly Rule<T>[],
  zero: ZeroOptions,
  value: T,
): readonly Rule<T>[] {
  if ((zero.required === true || zero.ignoreZero === true) && type.isZero(value)) {
    return zero.required === true ? [requiredRule] : [];
  }
  return rules.filter((rule) => !rule.test(value));
}

/** A test for values that are known to be of the type: whether they keep the rules. */
export function rulesTest<T>(type: ValueType<T>, rules: readonly Rule<T>[], zero: ZeroOptions): (value: T) => boolean {
  const { required = false, ignoreZero = false } = zero;
  if (required || ignoreZero) {
    return (value) => (type.isZero(value) ? !required : keepsAll(rules, value));
  }
  const [only] = rules;
  if (only === undefined) {
    return () => true;
  }
  return rules.length === 1 ? (value) => only.test(value) : (value) => keepsAll(rules, value);
}
