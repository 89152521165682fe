import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fingerprintOf } from "./fingerprint-of.js";

describe("fingerprintOf", () => {
  test("is the same for the same message, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (message) => {
        const entries = Object.entries(message);
        const reversed = Object.fromEntries(entries.toReversed());
        expect(fingerprintOf({ nested: reversed })).toBe(fingerprintOf({ nested: message }));
        expect(fingerprintOf(new Map(entries.toReversed()))).toBe(fingerprintOf(new Map(entries)));
      }),
    );
  });

  test.each<[string, unknown, unknown]>([
    ["a value", { a: "1" }, { a: "2" }],
    ["a key", { a: "1" }, { b: "1" }],
    ["a field that is absent from one that is empty", {}, { a: "" }],
    ["the order of a list", { a: ["1", "2"] }, { a: ["2", "1"] }],
    ["where one text ends and the next begins", ["ab", "c"], ["a", "bc"]],
    ["composed characters from decomposed ones", "\u00e9", "e\u0301"],
    ["large numbers", { a: 2n ** 63n - 1n }, { a: 2n ** 63n - 2n }],
    ["NaN from infinity", { a: NaN }, { a: Infinity }],
    ["infinity from the other one", { a: -Infinity }, { a: Infinity }],
    ["bytes", { a: Uint8Array.of(1, 2) }, { a: Uint8Array.of(2, 1) }],
    ["no bytes from some", { a: new Uint8Array() }, { a: new Uint8Array(1) }],
    ["times", { a: new Date(1) }, { a: new Date(2) }],
    ["values of a Map", new Map([[1n, "a"]]), new Map([[1n, "b"]])],
    ["keys of a Map", new Map([[1n, "a"]]), new Map([[2n, "a"]])],
    ["cases of a oneof", { $case: "a", value: 1 }, { $case: "b", value: 1 }],
    ["nothing from an empty message", undefined, {}],
  ])("tells %s apart", (_case, one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });

  test.each<[string, unknown, unknown]>([
    ["bytes of a buffer and of a part of another", Buffer.from([2, 3]), new Uint8Array([1, 2, 3, 4]).subarray(1, 3)],
    ["a field that is undefined and one that is absent", { a: undefined }, {}],
    ["equal times", new Date(1), new Date(1)],
  ])("does not tell %s apart", (_case, one, other) => {
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  });

  test("is short, however long the message is", () => {
    expect(fingerprintOf({ text: "x".repeat(1_000_000) })).toHaveLength(43);
  });
});
