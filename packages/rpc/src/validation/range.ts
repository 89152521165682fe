import type { Rule } from "./rule.js";

type Comparable = number | bigint;

/** The bounds of a range. At most one of `gt` and `gte`, and one of `lt` and `lte`. */
export interface Bounds<T> {
  readonly gt?: T;
  readonly gte?: T;
  readonly lt?: T;
  readonly lte?: T;
}

/**
 * A number within bounds. When the lower bound is above the upper one, the number must not lie between them. NaN keeps
 * no bounds.
 *
 * @param kind - The rules it belongs to, such as `int32`: the first part of its id.
 */
export function range<T extends Comparable>(kind: string, bounds: Bounds<T>): Rule<T> {
  return measuredRange(kind, bounds, (value) => value, String);
}

/**
 * Like {@link range}, for values that are compared by their measure.
 *
 * @param print - How a bound reads in the message.
 */
export function measuredRange<T>(
  kind: string,
  bounds: Bounds<T>,
  measure: (value: T) => Comparable,
  print: (bound: T) => string,
): Rule<T> {
  const sides = [lowerSide(bounds), upperSide(bounds)].filter((side) => side !== undefined);
  const [first, second] = sides;
  const outside = first !== undefined && second !== undefined && measure(second.bound) < measure(first.bound);
  const tests = sides.map(({ bound, admits }) => {
    const limit = measure(bound);
    return (value: T) => admits(measure(value), limit);
  });
  return {
    ruleId: `${kind}.${sides.map(({ name }) => name).join("_")}${outside ? "_exclusive" : ""}`,
    message: `must be ${sides.map(({ bound, words }) => `${words} ${print(bound)}`).join(outside ? " or " : " and ")}`,
    test: outside ? (value) => tests.some((test) => test(value)) : everyOf(tests),
  };
}

interface Side<T> {
  readonly name: keyof Bounds<T>;
  readonly words: string;
  readonly bound: T;
  readonly admits: (value: Comparable, limit: Comparable) => boolean;
}

function lowerSide<T>({ gt, gte }: Bounds<T>): Side<T> | undefined {
  if (gt !== undefined) {
    return { name: "gt", words: "greater than", bound: gt, admits: (value, limit) => value > limit };
  }
  return gte === undefined
    ? undefined
    : { name: "gte", words: "at least", bound: gte, admits: (value, limit) => value >= limit };
}

function upperSide<T>({ lt, lte }: Bounds<T>): Side<T> | undefined {
  if (lt !== undefined) {
    return { name: "lt", words: "less than", bound: lt, admits: (value, limit) => value < limit };
  }
  return lte === undefined
    ? undefined
    : { name: "lte", words: "at most", bound: lte, admits: (value, limit) => value <= limit };
}

function everyOf<T>(tests: readonly ((value: T) => boolean)[]): (value: T) => boolean {
  const [first, second] = tests;
  if (first === undefined) {
    return () => true;
  }
  return second === undefined ? first : (value) => first(value) && second(value);
}
