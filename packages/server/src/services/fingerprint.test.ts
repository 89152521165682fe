import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fingerprintOf } from "./fingerprint.js";

describe("fingerprintOf", () => {
  test("is the same for the same message, whatever the order of its keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (message) => {
        const reversed = Object.fromEntries(Object.entries(message).reverse());
        expect(fingerprintOf({ nested: reversed })).toBe(fingerprintOf({ nested: message }));
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
  ])("tells %s apart", (_case, one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });

  test("is short, however long the message is", () => {
    expect(fingerprintOf({ text: "x".repeat(1_000_000) })).toHaveLength(43);
  });
});
