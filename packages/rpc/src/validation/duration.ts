import { z } from "zod";
import { ruled } from "./ruled.js";
import type { Rule } from "./rule.js";
import type { DurationValue } from "./time-rules.js";

const durationType = {
  is: (value: unknown): value is DurationValue =>
    typeof value === "object" &&
    value !== null &&
    "seconds" in value &&
    typeof value.seconds === "bigint" &&
    "nanos" in value &&
    Number.isInteger(value.nanos),
  isZero: () => false,
};

/** A `google.protobuf.Duration`, as ts-proto reads it. */
export function duration(
  rules: readonly Rule<DurationValue>[] = [],
): z.ZodObject<{ seconds: z.ZodBigInt; nanos: z.ZodInt32 }> {
  return ruled(z.object({ seconds: z.bigint(), nanos: z.int32() }), durationType, rules, {});
}
