import type { Rule } from "./rule.js";

/** At least this many items. */
export function minItems(count: number): Rule<readonly unknown[]> {
  return {
    ruleId: "repeated.min_items",
    message: `must have at least ${count} items`,
    test: (items) => items.length >= count,
  };
}

/** At most this many items. */
export function maxItems(count: number): Rule<readonly unknown[]> {
  return {
    ruleId: "repeated.max_items",
    message: `must have at most ${count} items`,
    test: (items) => items.length <= count,
  };
}

/** No item twice. NaN is never the same as another. */
export function unique(): Rule<readonly unknown[]> {
  return { ruleId: "repeated.unique", message: "must not have the same item twice", test: hasNoTwin };
}

function hasNoTwin(items: readonly unknown[]): boolean {
  if (items[0] instanceof Uint8Array) {
    return new Set(items.map((item) => (item instanceof Uint8Array ? item.join() : item))).size === items.length;
  }
  const numbers = items.filter((item) => !Number.isNaN(item));
  return new Set(numbers).size === numbers.length;
}

/** At least this many entries. */
export function minPairs(count: number): Rule<number> {
  return { ruleId: "map.min_pairs", message: `must have at least ${count} entries`, test: (size) => size >= count };
}

/** At most this many entries. */
export function maxPairs(count: number): Rule<number> {
  return { ruleId: "map.max_pairs", message: `must have at most ${count} entries`, test: (size) => size <= count };
}
