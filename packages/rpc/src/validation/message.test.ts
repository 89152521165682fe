import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import * as v from "./index.js";

const itemSchema = v.message({ name: v.text([v.minLen(2)]) });
const orderSchema = v.message(
  {
    id: v.text([v.maxLen(3)], { required: true }),
    createdAt: v.required(v.timestamp()),
    items: v.list(itemSchema, [v.maxItems(2)]),
    notes: v.record(v.text([v.minLen(1)]), v.text([v.maxLen(3)]), [v.maxPairs(2)]),
    byNumber: v.record(v.numericKey([v.range("int32", { gt: 3 })]), itemSchema),
    flags: v.keyedMap(v.int64([v.range("int64", { gt: 3n })]), itemSchema),
    payment: v.optional(v.oneof({ cardNumber: v.text([v.len(4)]), line1: v.text() }, { line1: "line_1" })),
    field1b: v.float([v.finite("double")]),
  },
  { field1b: "field_1b" },
);

const valid = {
  id: "o1",
  createdAt: new Date(0),
  items: [{ name: "ab" }],
  notes: { colour: "red" },
  byNumber: { "4": { name: "ab" } },
  flags: new Map([[4n, { name: "ab" }]]),
  payment: { $case: "cardNumber" as const, value: "1234" },
  field1b: 1,
};

/** The fields and rules that a change of the valid order breaks. */
function broken(change: Record<string, unknown>): readonly string[] {
  const order = { ...valid, ...change };
  const result = orderSchema.safeParse(order);
  const violations = result.success ? [] : v.violationsOf(orderSchema, result.error, order);
  return violations.map(({ field, ruleId, forKey }) => `${field}${forKey ? " key" : ""}: ${ruleId}`);
}

describe("message", () => {
  test("lets a valid message through as the same object", () => {
    expect(orderSchema.parse(valid)).toBe(valid);
  });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ["an empty text that is required", { id: "" }, ["id: required"]],
    ["a text that is too long", { id: "o123" }, ["id: string.max_len"]],
    ["a field that is absent", { createdAt: undefined }, ["created_at: required"]],
    ["an item", { items: [{ name: "ab" }, { name: "a" }] }, ["items[1].name: string.min_len"]],
    [
      "a list and its items",
      { items: [{ name: "ab" }, { name: "a" }, { name: "ab" }] },
      ["items: repeated.max_items", "items[1].name: string.min_len"],
    ],
    ["a value of a map", { notes: { 'a"b': "long" } }, ['notes["a\\"b"]: string.max_len']],
    ["a key of a map", { notes: { "": "red" } }, ['notes[""] key: string.min_len']],
    ["a key that is a number", { byNumber: { "3": { name: "ab" } } }, ["by_number[3] key: int32.gt"]],
    ["a value by a number", { byNumber: { "4": { name: "a" } } }, ["by_number[4].name: string.min_len"]],
    ["a key of a Map", { flags: new Map([[3n, { name: "ab" }]]) }, ["flags[3] key: int64.gt"]],
    ["a value of a Map", { flags: new Map([[4n, { name: "a" }]]) }, ["flags[4].name: string.min_len"]],
    ["a case of a oneof", { payment: { $case: "cardNumber", value: "1" } }, ["card_number: string.len"]],
    ["a case with an odd name", { payment: { $case: "line1", value: 1 } }, ["line_1: "]],
    ["a field with an odd name", { field1b: NaN }, ["field_1b: double.finite"]],
    ["a value of another type", { id: 1 }, ["id: "]],
  ])("names the field and the rule for %s", (_case, change, expected) => {
    expect(broken(change)).toEqual(expected);
  });

  test("tells a hundred violations of a list or a map, however many there are", () => {
    const items = Array.from({ length: 5_000 }, () => ({ name: "" }));
    const notes = Object.fromEntries(items.map((_item, index) => [`key${index}`, "long"]));
    expect(broken({ items })).toHaveLength(100);
    expect(broken({ notes })).toHaveLength(100);
  });

  test("can be looked into, as forms do", () => {
    expect(Object.keys(orderSchema.shape)).toEqual(Object.keys(valid));
    expect(orderSchema.shape.items.element).toBe(itemSchema);
    expect(orderSchema.shape.id.safeParse("o123").success).toBe(false);
    expect(orderSchema.shape.id.safeParse("o12").success).toBe(true);
  });

  test("keeps its rules when another schema is derived from it", () => {
    const derived = orderSchema
      .extend({ id: z.string().trim().min(2) })
      .refine(({ items }) => items.length > 0, "none");
    expect(derived.parse({ ...valid, id: " o1 " }).id).toBe("o1");
    expect(derived.safeParse({ ...valid, items: [] }).error?.issues).toMatchObject([{ message: "none" }]);
    expect(derived.safeParse({ ...valid, notes: { "": "" } }).error?.issues).toMatchObject([
      { params: { ruleId: "string.min_len", forKey: true } },
    ]);
  });
});
