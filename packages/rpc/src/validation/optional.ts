import { z } from "zod";
import { quickTestOf, withQuickTest } from "./quick-test.js";
import { issueOf } from "./ruled.js";
import { requiredRule } from "./rule.js";

/** A field that may be absent: `optional`, a message, or a oneof. */
export function optional<S extends z.ZodType>(schema: S): z.ZodOptional<S> {
  return withQuickTest(z.optional(schema), () => {
    const test = quickTestOf(schema);
    return test && ((value) => value === undefined || test(value));
  });
}

/** Says that a field is absent in the words of protovalidate's rule. */
const Required = z.core.$constructor<z.ZodNonOptional, z.core.$ZodNonOptionalDef>("Required", (schema, definition) => {
  z.ZodNonOptional.init(schema, definition);
  schema._zod.parse = (payload, context) => {
    if (payload.value === undefined) {
      payload.issues.push({ ...issueOf(requiredRule, undefined), inst: schema });
      return payload;
    }
    return definition.innerType._zod.run(payload, context);
  };
});

/** A field that may be absent in the proto and must not be: the rule `required`. */
export function required<S extends z.ZodType>(schema: S): z.ZodNonOptional<S> {
  // The constructor does not know which type it is given.
  const present = new Required({ type: "nonoptional", innerType: schema }) as unknown as z.ZodNonOptional<S>;
  return withQuickTest(present, () => quickTestOf(schema));
}
