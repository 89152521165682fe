import type { MessageInit } from "@rollcall/rpc";
import { Shade, type Values } from "./gen/ping/v1/ping.js";

/** A message, as the text format of protobuf has it and as our types do, and its bytes. */
export interface ValuesCase {
  readonly name: string;
  readonly text: string;
  readonly values: MessageInit<Values>;
  /** Made by Python's protobuf out of `text`. */
  readonly hex: string;
  /** Why our bytes are others, where they are. */
  readonly writtenOtherwise?: string;
}

const int32 = { least: -(2 ** 31), most: 2 ** 31 - 1 };
const uint32 = { most: 2 ** 32 - 1 };
const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const uint64 = { most: 2n ** 64n - 1n };

/** Messages of every type and cardinality. Maps have one entry, since the order of several is free. */
export const valuesCases: readonly ValuesCase[] = [
  { name: "nothing", text: "", values: {}, hex: "" },
  {
    name: "double: the largest",
    text: "double_value: 1.7976931348623157e308",
    values: { doubleValue: Number.MAX_VALUE },
    hex: "09ffffffffffffef7f",
  },
  {
    name: "double: the smallest",
    text: "double_value: 5e-324",
    values: { doubleValue: Number.MIN_VALUE },
    hex: "090100000000000000",
  },
  {
    name: "double: not a number",
    text: "double_value: nan",
    values: { doubleValue: Number.NaN },
    hex: "09000000000000f87f",
  },
  {
    name: "double: negative infinity",
    text: "double_value: -inf",
    values: { doubleValue: -Infinity },
    hex: "09000000000000f0ff",
  },
  {
    name: "double: negative zero",
    text: "double_value: -0.0",
    values: { doubleValue: -0 },
    hex: "090000000000000080",
    writtenOtherwise: "ts-proto takes negative zero for the default",
  },
  {
    name: "float: the largest",
    text: "float_value: 3.4028234663852886e38",
    values: { floatValue: 3.4028234663852886e38 },
    hex: "15ffff7f7f",
  },
  { name: "float: one and a half", text: "float_value: 1.5", values: { floatValue: 1.5 }, hex: "150000c03f" },
  { name: "float: not a number", text: "float_value: nan", values: { floatValue: Number.NaN }, hex: "150000c07f" },
  {
    name: "float: negative zero",
    text: "float_value: -0.0",
    values: { floatValue: -0 },
    hex: "1500000080",
    writtenOtherwise: "ts-proto takes negative zero for the default",
  },
  { name: "int32: minus one", text: "int32_value: -1", values: { int32Value: -1 }, hex: "18ffffffffffffffffff01" },
  {
    name: "int32: the least",
    text: "int32_value: -2147483648",
    values: { int32Value: int32.least },
    hex: "1880808080f8ffffffff01",
  },
  { name: "int32: the most", text: "int32_value: 2147483647", values: { int32Value: int32.most }, hex: "18ffffffff07" },
  { name: "int64: minus one", text: "int64_value: -1", values: { int64Value: -1n }, hex: "20ffffffffffffffffff01" },
  {
    name: "int64: the least",
    text: "int64_value: -9223372036854775808",
    values: { int64Value: int64.least },
    hex: "2080808080808080808001",
  },
  {
    name: "int64: the most",
    text: "int64_value: 9223372036854775807",
    values: { int64Value: int64.most },
    hex: "20ffffffffffffffff7f",
  },
  {
    name: "uint32: the most",
    text: "uint32_value: 4294967295",
    values: { uint32Value: uint32.most },
    hex: "28ffffffff0f",
  },
  {
    name: "uint64: the most",
    text: "uint64_value: 18446744073709551615",
    values: { uint64Value: uint64.most },
    hex: "30ffffffffffffffffff01",
  },
  { name: "sint32: minus one", text: "sint32_value: -1", values: { sint32Value: -1 }, hex: "3801" },
  {
    name: "sint32: the least",
    text: "sint32_value: -2147483648",
    values: { sint32Value: int32.least },
    hex: "38ffffffff0f",
  },
  {
    name: "sint32: the most",
    text: "sint32_value: 2147483647",
    values: { sint32Value: int32.most },
    hex: "38feffffff0f",
  },
  { name: "sint64: minus one", text: "sint64_value: -1", values: { sint64Value: -1n }, hex: "4001" },
  {
    name: "sint64: the least",
    text: "sint64_value: -9223372036854775808",
    values: { sint64Value: int64.least },
    hex: "40ffffffffffffffffff01",
  },
  {
    name: "sint64: the most",
    text: "sint64_value: 9223372036854775807",
    values: { sint64Value: int64.most },
    hex: "40feffffffffffffffff01",
  },
  {
    name: "fixed32: the most",
    text: "fixed32_value: 4294967295",
    values: { fixed32Value: uint32.most },
    hex: "4dffffffff",
  },
  {
    name: "fixed64: the most",
    text: "fixed64_value: 18446744073709551615",
    values: { fixed64Value: uint64.most },
    hex: "51ffffffffffffffff",
  },
  {
    name: "sfixed32: the least",
    text: "sfixed32_value: -2147483648",
    values: { sfixed32Value: int32.least },
    hex: "5d00000080",
  },
  {
    name: "sfixed32: the most",
    text: "sfixed32_value: 2147483647",
    values: { sfixed32Value: int32.most },
    hex: "5dffffff7f",
  },
  {
    name: "sfixed64: the least",
    text: "sfixed64_value: -9223372036854775808",
    values: { sfixed64Value: int64.least },
    hex: "610000000000000080",
  },
  {
    name: "sfixed64: the most",
    text: "sfixed64_value: 9223372036854775807",
    values: { sfixed64Value: int64.most },
    hex: "61ffffffffffffff7f",
  },
  { name: "bool: true", text: "bool_value: true", values: { boolValue: true }, hex: "6801" },
  {
    name: "string: beyond the basic plane",
    text: `string_value: "Zo\\303\\253 \\360\\237\\216\\211\\000"`,
    values: { stringValue: "Zoë 🎉\0" },
    hex: "720a5a6fc3ab20f09f8e8900",
  },
  {
    name: "bytes: all kinds",
    text: `bytes_value: "\\000\\001\\177\\200\\377"`,
    values: { bytesValue: new Uint8Array([0, 1, 127, 128, 255]) },
    hex: "7a0500017f80ff",
  },
  {
    name: "enum: the largest number",
    text: "shade: SHADE_DARK",
    values: { shade: Shade.SHADE_DARK },
    hex: "8001ffffffff07",
  },
  {
    name: "enum: a negative number",
    text: "shade: SHADE_INVERTED",
    values: { shade: Shade.SHADE_INVERTED },
    hex: "8001ffffffffffffffffff01",
  },
  { name: "message: empty", text: "nested {}", values: { nested: {} }, hex: "8a0100" },
  {
    name: "message: three deep",
    text: `nested { nested { nested { string_value: "deep" } } }`,
    values: { nested: { nested: { nested: { stringValue: "deep" } } } },
    hex: "8a010c8a01098a0106720464656570",
  },
  {
    name: "message: longer than 127 bytes",
    text: `nested { bytes_value: "${"\\001".repeat(200)}" }`,
    values: { nested: { bytesValue: new Uint8Array(200).fill(1) } },
    hex: "8a01cb017ac8010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101",
  },
  {
    name: "repeated: packed",
    text: "numbers: [0, -1, 9223372036854775807, -9223372036854775808]",
    values: { numbers: [0n, -1n, int64.most, int64.least] },
    hex: "9201160001feffffffffffffffff01ffffffffffffffffff01",
  },
  {
    name: "repeated: texts, some empty",
    text: `texts: ["", "a", ""]`,
    values: { texts: ["", "a", ""] },
    hex: "9a01009a0101619a0100",
  },
  {
    name: "map: by a negative number",
    text: `names { key: -1 value: "minus one" }`,
    values: { names: new Map([[-1n, "minus one"]]) },
    hex: "a2011608ffffffffffffffffff0112096d696e7573206f6e65",
  },
  {
    name: "map: of a message",
    text: `children { key: "a" value { int32_value: 1 } }`,
    values: { children: { a: { int32Value: 1 } } },
    hex: "aa01070a016112021801",
  },
  {
    name: "map: defaults in key and value",
    text: `children { key: "" value {} }`,
    values: { children: { "": {} } },
    hex: "aa01040a001200",
    writtenOtherwise: "Python writes a key that is the default, ts-proto leaves it out; both are right",
  },
  {
    name: "optional: zero",
    text: `optional_number: 0 optional_text: ""`,
    values: { optionalNumber: 0, optionalText: "" },
    hex: "b00100ba0100",
  },
  {
    name: "optional: a value",
    text: `optional_number: -5 optional_text: "a"`,
    values: { optionalNumber: -5, optionalText: "a" },
    hex: "b001fbffffffffffffffff01ba010161",
  },
  {
    name: "oneof: a number, zero",
    text: "chosen_number: 0",
    values: { choice: { $case: "chosenNumber", value: 0n } },
    hex: "c00100",
  },
  {
    name: "oneof: a text",
    text: `chosen_text: "a"`,
    values: { choice: { $case: "chosenText", value: "a" } },
    hex: "ca010161",
  },
  {
    name: "oneof: a message",
    text: "chosen_values { bool_value: true }",
    values: { choice: { $case: "chosenValues", value: { boolValue: true } } },
    hex: "d201026801",
  },
  { name: "time: the epoch", text: "time {}", values: { time: new Date(0) }, hex: "da0100" },
  {
    name: "time: with milliseconds",
    text: "time { seconds: 1600000000 nanos: 123000000 }",
    values: { time: new Date(1_600_000_000_123) },
    hex: "da010b0880a0f8fa0510c0a9d33a",
  },
  {
    name: "time: before the epoch",
    text: "time { seconds: -2 nanos: 999000000 }",
    values: { time: new Date(-1_001) },
    hex: "da011108feffffffffffffffff0110c08faedc03",
    writtenOtherwise: "ts-proto writes negative nanoseconds",
  },
  {
    name: "span: negative",
    text: "span { seconds: -1 nanos: -500000000 }",
    values: { span: { seconds: -1n, nanos: -500_000_000 } },
    hex: "e2011608ffffffffffffffffff011080b6ca91feffffffff01",
  },
];
