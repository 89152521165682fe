import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { quote } from "./quote.js";

describe("quote", () => {
  test.each([
    ["short text", "lobby", '"lobby"'],
    ["quotes and control characters", 'a"\n\0', '"a\\"\\n\\u0000"'],
    ["64 emoji", "😀".repeat(64), `"${"😀".repeat(64)}"`],
    ["65 emoji", "😀".repeat(65), `"${"😀".repeat(64)}…"`],
    ["65 letters", "x".repeat(65), `"${"x".repeat(64)}…"`],
    ["a million letters", "x".repeat(1_000_000), `"${"x".repeat(64)}…"`],
  ])("%s", (_case, text, quoted) => {
    expect(quote(text)).toBe(quoted);
  });

  test("never cuts a character in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 50, maxLength: 200 }), (text) => {
        expect(quote(text).isWellFormed()).toBe(true);
      }),
    );
  });
});
