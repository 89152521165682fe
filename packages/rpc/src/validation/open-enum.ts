import { z } from "zod";

/** An enum whose values may be any int32. Its `options` are those that the proto declares. */
export const OpenEnum = z.core.$constructor<z.ZodEnum, z.core.$ZodEnumDef>("OpenEnum", (schema, definition) => {
  z.ZodEnum.init(schema, definition);
  schema._zod.parse = (payload) => {
    if (typeof payload.value !== "number" || (payload.value | 0) !== payload.value) {
      const expected = "int32" as const;
      payload.issues.push({ code: "invalid_type", expected, input: payload.value, inst: schema });
    }
    return payload;
  };
});
