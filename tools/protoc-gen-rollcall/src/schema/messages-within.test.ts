import { describe, expect, test } from "@jest/globals";
import { violationsOf } from "@rollcall/rpc/validation";
import { Hen, Leaf, Nesting } from "../gen/validation/messages.js";
import { henSchema } from "../gen/validation/messages.schema.js";
import type { ValidHen, ValidNesting } from "../gen/validation/messages.schema.js";

// protovalidate itself misses rules of messages that are within each other, so that these are not put to it.
describe("messages that are within each other", () => {
  const hen = (name: string) => Hen.fromPartial({ name, egg: { next: { $case: "weight", value: 4 } } });

  test("are valid however deep they go", () => {
    const old = Hen.fromPartial({ name: "old", egg: { hen: hen("middle"), hens: new Map([[true, hen("young")]]) } });
    expect(henSchema.parse(old)).toBe(old);
  });

  test("have their rules looked at wherever they are", () => {
    const old = Hen.fromPartial({
      name: "old",
      egg: { hen: hen(""), hens: new Map([[true, Hen.fromPartial({})]]), next: { $case: "nextHen", value: hen("") } },
    });
    const { error } = henSchema.safeParse(old);
    const violations = error && violationsOf(henSchema, error, old);
    expect(violations?.map(({ field, ruleId }) => `${field}: ${ruleId}`)).toEqual([
      "egg.hen.name: string.min_len",
      "egg.hens[true].egg: required",
      "egg.hens[true].name: string.min_len",
      "egg.next_hen.name: string.min_len",
    ]);
  });
});

test("types of valid messages have what is required, at any depth", () => {
  const eggOf = ({ egg }: ValidHen) => egg.hen?.egg.hens;
  const nickOf = ({ must, many }: ValidNesting): readonly string[] => [must.nick, ...many.map(({ nick }) => nick)];
  // @ts-expect-error a leaf may lack its nick, and a valid one may not
  const invalid: ValidNesting["must"] = Leaf.fromPartial({});
  expect([eggOf, nickOf, invalid.nick, Nesting.fromPartial({}).must].slice(2)).toEqual([undefined, undefined]);
});
