import { z } from "zod";
import { ruled } from "./ruled.js";
import type { Rule, ZeroOptions } from "./rule.js";

const numericText = {
  is: (value: unknown): value is string => typeof value === "string" && /^(?:0|-?[1-9][0-9]{0,9})$/.test(value),
  isZero: (value: string) => value === "0",
};

/** The keys of a `map` by 32-bit numbers, which are text once they are an object's. The rules see the numbers. */
export function numericKey(rules: readonly Rule<number>[] = [], zero: ZeroOptions = {}): z.ZodString {
  const onText = rules.map((rule): Rule<string> => ({ ...rule, test: (key) => rule.test(Number(key)) }));
  const schema = ruled(z.string().refine(numericText.is, "must be a whole number"), numericText, onText, zero);
  numericKeys.add(schema);
  return schema;
}

const numericKeys = new WeakSet<z.core.$ZodType>();

/** Whether a schema of keys is one of {@link numericKey}. */
export function isNumericKey(schema: z.core.$ZodType): boolean {
  return numericKeys.has(schema);
}
