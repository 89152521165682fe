import { z } from "zod";
import { OpenEnum } from "./open-enum.js";
import { ruled } from "./ruled.js";
import type { Rule, ZeroOptions } from "./rule.js";

const minInt32 = -(2 ** 31);
const maxInt32 = 2 ** 31 - 1;
const maxUint32 = 2 ** 32 - 1;

const textType = {
  is: (value: unknown) => typeof value === "string",
  isZero: (value: string) => value === "",
};
const booleanType = {
  is: (value: unknown) => typeof value === "boolean",
  isZero: (value: boolean) => !value,
};
const bytesType = {
  is: (value: unknown) => value instanceof Uint8Array,
  isZero: (value: Uint8Array) => value.length === 0,
};
const isZeroNumber = (value: number) => value === 0;
/** Negative zero is not the value of a field that was never set. */
const isZeroFloat = (value: number) => Object.is(value, 0);
const isZeroBigint = (value: bigint) => value === 0n;
const floatType = {
  is: (value: unknown) => typeof value === "number",
  isZero: isZeroFloat,
};
const floatItemType = { ...floatType, isZero: isZeroNumber };
const int32Type = { is: isInt32, isZero: isZeroNumber };
const uint32Type = {
  is: (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxUint32,
  isZero: isZeroNumber,
};
const int64Type = {
  is: (value: unknown): value is bigint => typeof value === "bigint" && BigInt.asIntN(64, value) === value,
  isZero: isZeroBigint,
};
const uint64Type = {
  is: (value: unknown): value is bigint => typeof value === "bigint" && BigInt.asUintN(64, value) === value,
  isZero: isZeroBigint,
};
const dateType = {
  is: (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime()),
  isZero: () => false,
};

function isInt32(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= minInt32 && value <= maxInt32;
}

/** A `string`. */
export function text(rules: readonly Rule<string>[] = [], zero: ZeroOptions = {}): z.ZodString {
  return ruled(z.string(), textType, rules, zero);
}

/** A `bool`. */
export function boolean(rules: readonly Rule<boolean>[] = [], zero: ZeroOptions = {}): z.ZodBoolean {
  return ruled(z.boolean(), booleanType, rules, zero);
}

/** A `bytes`. */
export function bytes(
  rules: readonly Rule<Uint8Array>[] = [],
  zero: ZeroOptions = {},
): z.ZodType<Uint8Array, Uint8Array> {
  return ruled(z.instanceof<typeof Uint8Array>(Uint8Array), bytesType, rules, zero);
}

/** An `int32`, `sint32` or `sfixed32`. */
export function int32(rules: readonly Rule<number>[] = [], zero: ZeroOptions = {}): z.ZodInt32 {
  return ruled(z.int32(), int32Type, rules, zero);
}

/** A `uint32` or `fixed32`. */
export function uint32(rules: readonly Rule<number>[] = [], zero: ZeroOptions = {}): z.ZodUInt32 {
  return ruled(z.uint32(), uint32Type, rules, zero);
}

/** An `int64`, `sint64` or `sfixed64`. */
export function int64(rules: readonly Rule<bigint>[] = [], zero: ZeroOptions = {}): z.ZodBigIntFormat {
  return ruled(z.int64(), int64Type, rules, zero);
}

/** A `uint64` or `fixed64`. */
export function uint64(rules: readonly Rule<bigint>[] = [], zero: ZeroOptions = {}): z.ZodBigIntFormat {
  return ruled(z.uint64(), uint64Type, rules, zero);
}

/** A `float` or `double`: NaN and the infinities are numbers too, unless a rule says otherwise. */
export function float(rules: readonly Rule<number>[] = [], zero: ZeroOptions = {}): z.ZodType<number, number> {
  const anyNumber = z.union([z.number(), z.nan(), z.literal([Infinity, -Infinity])]);
  return ruled(anyNumber, zero.negativeZero === true ? floatItemType : floatType, rules, zero);
}

/**
 * An enum. Enums of proto3 are open: any int32 is valid, unless the rule `defined_only` says otherwise.
 *
 * @param entries - The enum that ts-proto generates.
 */
export function enumeration<E extends z.core.util.EnumLike>(
  entries: E,
  rules: readonly Rule<number>[] = [],
  zero: ZeroOptions = {},
): z.ZodEnum<E> {
  // The constructor knows the type of no entries.
  const schema = new OpenEnum({ type: "enum", entries }) as unknown as z.ZodEnum<E>;
  return ruled(schema, int32Type, rules, zero);
}

/** A `google.protobuf.Timestamp`, as ts-proto reads it. */
export function timestamp(rules: readonly Rule<Date>[] = []): z.ZodDate {
  return ruled(z.date(), dateType, rules, {});
}
