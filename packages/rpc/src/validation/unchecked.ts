import { z } from "zod";
import { withQuickTest } from "./quick-test.js";

/** A value that no rule looks into, of a type that its module knows. */
export function unchecked<T>(): z.ZodType<T, T> {
  const isPresent = (value: unknown) => value !== undefined;
  return withQuickTest(z.custom<T>(isPresent), () => isPresent);
}
