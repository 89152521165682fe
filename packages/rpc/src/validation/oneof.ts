import { z } from "zod";
import { quickTestOf, withQuickTest } from "./quick-test.js";
import type { QuickTest } from "./quick-test.js";

type Cases = Readonly<Record<string, z.ZodType>>;

/** The alternatives of a oneof, told apart by `$case`. */
type Alternative<C extends Cases> = {
  [Name in keyof C & string]: z.ZodObject<{ $case: z.ZodLiteral<Name>; value: C[Name] }>;
}[keyof C & string];

/**
 * A oneof. Wrap it into `optional` or `required`.
 *
 * @param fieldNames - As in `message`, by `$case`.
 */
export function oneof<C extends Cases>(
  cases: C,
  fieldNames: Readonly<Record<string, string>> = {},
): z.ZodDiscriminatedUnion<readonly Alternative<C>[], "$case"> {
  const alternatives = Object.entries(cases).map(([name, value]) => z.object({ $case: z.literal(name), value }));
  // Entries have lost which name goes with which type, and a union of no alternatives is not made.
  const options = alternatives as unknown as [Alternative<C>, ...Alternative<C>[]];
  const schema = z.discriminatedUnion("$case", options) as unknown as z.ZodDiscriminatedUnion<
    readonly Alternative<C>[],
    "$case"
  >;
  names.set(schema, fieldNames);
  return withQuickTest(schema, () => casesTest(cases));
}

const names = new WeakMap<z.core.$ZodType, Readonly<Record<string, string>>>();

/** The name in the proto of a field of a oneof. */
export function caseNameOf(schema: z.core.$ZodType, name: string): string {
  return names.get(schema)?.[name] ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function casesTest(cases: Cases): QuickTest | undefined {
  const tests = new Map<unknown, QuickTest>();
  for (const [name, schema] of Object.entries(cases)) {
    const test = quickTestOf(schema);
    if (test === undefined) {
      return undefined;
    }
    tests.set(name, test);
  }
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    "$case" in value &&
    "value" in value &&
    tests.get(value.$case)?.(value.value) === true;
}
