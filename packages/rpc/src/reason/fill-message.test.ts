import { describe, expect, test } from "@jest/globals";
import { fillMessage } from "./fill-message.js";

describe("fillMessage", () => {
  test("puts each value where its key stands, as often as it stands there", () => {
    expect(fillMessage('"{id}" is not {limit}, {id}', { id: "a", limit: "7" })).toBe('"a" is not 7, a');
  });

  test.each([
    ["quotes", 'a" or "b', String.raw`a\" or \"b`],
    ["line breaks", "a\nb", String.raw`a\nb`],
    ["control characters", "\u0000\u001b", String.raw`\u0000\u001b`],
    ["half a character", "\ud83d", String.raw`\ud83d`],
    ["placeholders", "{limit}", "{limit}"],
    ["patterns of replacement", "$& $1", "$& $1"],
  ])("escapes %s", (_case, value, shown) => {
    expect(fillMessage("{id}", { id: value, limit: "7" })).toBe(shown);
  });

  test.each([
    ["letters", "x"],
    ["characters of two units", "😀"],
  ])("cuts a value after 100 %s", (_case, character) => {
    expect(fillMessage("{id}", { id: character.repeat(100) })).toBe(character.repeat(100));
    expect(fillMessage("{id}", { id: character.repeat(101) })).toBe(`${character.repeat(100)}…`);
  });
});
