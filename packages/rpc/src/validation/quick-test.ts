import type { z } from "zod";

/** Whether a value is valid, without saying why not. Never answers `true` for one that the schema refuses or changes. */
export type QuickTest = (value: unknown) => boolean;

/**
 * The tests of schemas that have one. A schema that is derived from another, with `.refine()` or `.trim()` say, is a new
 * one without a test, so that the whole message goes the long way.
 */
const tests = new WeakMap<z.core.$ZodType, () => QuickTest | undefined>();

/** Gives a schema its test, and answers the schema. */
export function withQuickTest<S extends z.core.$ZodType>(schema: S, test: () => QuickTest | undefined): S {
  tests.set(schema, test);
  return schema;
}

/** The test of a schema, if it has one. */
export function quickTestOf(schema: z.core.$ZodType): QuickTest | undefined {
  return tests.get(schema)?.();
}
