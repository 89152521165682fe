import type { Rule } from "./rule.js";

/** What compares by `===`: texts, numbers, enum values, booleans. */
type Plain = string | number | bigint | boolean;

/**
 * Exactly this value.
 *
 * @param kind - The rules it belongs to, such as `int32`: the first part of its id.
 */
export function constant<T extends Plain>(kind: string, expected: T): Rule<T> {
  return { ruleId: `${kind}.const`, message: `must be ${print(expected)}`, test: (value) => value === expected };
}

/** One of these values. */
export function isIn<T extends Plain>(kind: string, values: readonly T[]): Rule<T> {
  return {
    ruleId: `${kind}.in`,
    message: `must be one of ${values.map(print).join(", ")}`,
    test: (value) => hasPlain(values, value),
  };
}

/** None of these values. */
export function isNotIn<T extends Plain>(kind: string, values: readonly T[]): Rule<T> {
  return {
    ruleId: `${kind}.not_in`,
    message: `must not be one of ${values.map(print).join(", ")}`,
    test: (value) => !hasPlain(values, value),
  };
}

/** Neither infinite nor NaN. */
export function finite(kind: "float" | "double"): Rule<number> {
  return { ruleId: `${kind}.finite`, message: "must be finite", test: Number.isFinite };
}

/** One of the numbers that an enum declares. */
export function definedOnly(numbers: readonly number[]): Rule<number> {
  const known = new Set(numbers);
  return {
    ruleId: "enum.defined_only",
    message: "must be a known value",
    test: (value) => known.has(value),
  };
}

/** By `===`, so that NaN is in no list: `includes` would find it. */
function hasPlain<T extends Plain>(values: readonly T[], value: T): boolean {
  return values.some((candidate) => candidate === value);
}

function print(value: Plain): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
