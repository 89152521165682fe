import { z } from "zod";
import { maxIssues } from "./max-issues.js";
import { quickTestOf, withQuickTest } from "./quick-test.js";
import { brokenRules, issueOf, rulesTest } from "./ruled.js";
import type { Rule, ZeroOptions } from "./rule.js";
import { runNow } from "./run-now.js";

const listType = {
  is: (value: unknown): value is readonly unknown[] => Array.isArray(value),
  isZero: (value: readonly unknown[]) => value.length === 0,
};

/** The rules travel with the definition, so that a schema derived from this one keeps them. */
interface ListDefinition extends z.core.$ZodArrayDef {
  readonly rules: readonly Rule<readonly unknown[]>[];
  readonly zero: ZeroOptions;
}

const RuledList = z.core.$constructor<z.ZodArray, ListDefinition>("RuledList", (schema, definition) => {
  z.ZodArray.init(schema, definition);
  const { element, rules, zero } = definition;
  schema._zod.parse = (payload, context) => {
    const value: unknown = payload.value;
    if (!listType.is(value)) {
      payload.issues.push({ code: "invalid_type", expected: "array", input: value, inst: schema });
      return payload;
    }
    for (const rule of brokenRules(listType, rules, zero, value)) {
      payload.issues.push({ ...issueOf(rule, value), inst: schema });
    }
    const items: unknown[] = [];
    for (const [index, item] of value.entries()) {
      const result = runNow(element, item, context);
      payload.issues.push(...z.core.util.prefixIssues(index, result.issues));
      items.push(result.value);
      if (payload.issues.length >= maxIssues) {
        break;
      }
    }
    payload.value = items;
    return payload;
  };
});

/** A `repeated` field. */
export function list<S extends z.ZodType>(
  items: S,
  rules: readonly Rule<readonly unknown[]>[] = [],
  zero: ZeroOptions = {},
): z.ZodArray<S> {
  const definition: ListDefinition = { type: "array", element: items, rules, zero };
  // The constructor does not know which type it is given.
  const schema = new RuledList(definition) as unknown as z.ZodArray<S>;
  const keeps = rulesTest(listType, rules, zero);
  return withQuickTest(schema, () => {
    const test = quickTestOf(items);
    return test && ((value) => listType.is(value) && keeps(value) && value.every(test));
  });
}
