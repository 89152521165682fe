import { z } from "zod";

/**
 * Checks a value that is part of another.
 *
 * @throws $ZodAsyncError when the schema waits for something, which generated schemas never do.
 */
export function runNow(schema: z.core.$ZodType, value: unknown, context: z.core.ParseContextInternal) {
  const result = schema._zod.run({ value, issues: [] }, context);
  if (result instanceof Promise) {
    throw new z.core.$ZodAsyncError();
  }
  return result;
}
