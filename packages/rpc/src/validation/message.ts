import { z } from "zod";
import { quickTestOf, withQuickTest } from "./quick-test.js";
import type { QuickTest } from "./quick-test.js";

/** An object schema that lets a valid message through as it is, and looks for the reasons only when it is not. */
const Message = z.core.$constructor<z.ZodObject, z.core.$ZodObjectDef>("Message", (schema, definition) => {
  z.ZodObject.init(schema, definition);
  const parse = schema._zod.parse.bind(schema._zod);
  // Whether the message is exact about its keys is for the long way to find out.
  const quickTest = once(() => (definition.catchall === undefined ? shapeTest(definition.shape) : undefined));
  schema._zod.parse = (payload, context) => (quickTest()?.(payload.value) === true ? payload : parse(payload, context));
  if (definition.checks === undefined || definition.checks.length === 0) {
    withQuickTest(schema, quickTest);
  }
});

/**
 * A message of these fields. What is valid comes out as the same object, fields that the schema does not know included.
 *
 * @param fieldNames - The names in the proto of those fields where they do not follow from the properties' names.
 */
export function message<S extends z.core.$ZodLooseShape>(
  shape: S,
  fieldNames: Readonly<Record<string, string>> = {},
): z.ZodObject<S> {
  // The constructor does not know which shape it is given.
  const schema = new Message({ type: "object", shape }) as unknown as z.ZodObject<S>;
  names.set(schema, fieldNames);
  return schema;
}

const names = new WeakMap<z.core.$ZodType, Readonly<Record<string, string>>>();

/** The name in the proto of a message's property: `created_at` for `createdAt`. */
export function fieldNameOf(schema: z.core.$ZodType, property: string): string {
  return names.get(schema)?.[property] ?? property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function shapeTest(shape: z.core.$ZodShape): QuickTest | undefined {
  const properties = Object.entries(shape).map(([name, schema]) => ({ name, test: quickTestOf(schema) }));
  const tested = properties.filter((property): property is Property => property.test !== undefined);
  if (tested.length < properties.length) {
    return undefined;
  }
  return (value) => isRecord(value) && keepsAll(tested, value);
}

interface Property {
  readonly name: string;
  readonly test: QuickTest;
}

function keepsAll(properties: readonly Property[], value: Readonly<Record<string, unknown>>): boolean {
  for (const { name, test } of properties) {
    if (!test(value[name])) {
      return false;
    }
  }
  return true;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Makes the test when it is first needed. While it is being made, a message within itself gets a promise of it. */
function once(make: () => QuickTest | undefined): () => QuickTest | undefined {
  let made: { readonly test: QuickTest | undefined } | undefined;
  let making = false;
  return () => {
    if (made === undefined && making) {
      return (value) => made?.test?.(value) ?? false;
    }
    if (made === undefined) {
      making = true;
      made = { test: make() };
    }
    return made.test;
  };
}
