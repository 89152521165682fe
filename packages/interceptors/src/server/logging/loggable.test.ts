import { describe, expect, test } from "@jest/globals";
import { loggable } from "./loggable.js";

const inFull = (message: unknown) => loggable(message, 4_096);

describe("loggable", () => {
  test.each([
    ["a text", "a", "a"],
    ["a number", 1.5, 1.5],
    ["no number", Number.NaN, "NaN"],
    ["infinity", Number.NEGATIVE_INFINITY, "-Infinity"],
    ["a boolean", false, false],
    ["a 64-bit integer", 2n ** 63n, "9223372036854775808"],
    ["bytes", new Uint8Array(3), "<3 bytes>"],
    ["a buffer", Buffer.from("abc"), "<3 bytes>"],
    ["a time", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["no time", new Date(Number.NaN), "Invalid Date"],
    ["a list", [1n, [new Uint8Array(1)]], ["1", ["<1 bytes>"]]],
    ["a message", { id: 1n, nested: { at: new Date(0) } }, { id: "1", nested: { at: "1970-01-01T00:00:00.000Z" } }],
    ["a map", new Map([[1n, { a: 2n }]]), { "1": { a: "2" } }],
    ["null", null, null],
    ["nothing", undefined, undefined],
    ["a function", () => "secret", undefined],
  ])("copies %s", (_case, message, copy) => {
    expect(inFull(message)).toEqual(copy);
    expect(() => JSON.stringify(inFull(message))).not.toThrow();
  });

  test("does not change the message", () => {
    const message = { id: 1n, list: ["a".repeat(100)] };
    loggable(message, 10);
    expect(message).toEqual({ id: 1n, list: ["a".repeat(100)] });
  });

  test("takes a field for no more than a field, whatever its name", () => {
    expect(JSON.stringify(inFull(JSON.parse('{"__proto__":{"a":1}}')))).toBe('{"__proto__":{"a":1}}');
  });

  test("cuts long texts, and no character in two", () => {
    expect(loggable("abcdef", 3)).toBe("abc…");
    expect(loggable("ab😀", 3)).toBe("ab\ufffd…");
  });

  test.each([
    ["a long text", "a".repeat(1_000_000)],
    ["many texts", Array.from({ length: 100_000 }, () => "abc")],
    ["many numbers", Array.from({ length: 100_000 }, () => 1e300)],
    ["many empty lists", Array.from({ length: 100_000 }, () => [])],
    [
      "many fields",
      Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`field${String(index)}`, index])),
    ],
    ["long names", Object.fromEntries(["a", "b"].map((name) => [name.repeat(1_000_000), 1]))],
    ["many messages", Array.from({ length: 100_000 }, () => ({ a: { b: [1n] } }))],
  ])("bounds %s", (_case, message) => {
    expect(JSON.stringify(inFull(message)).length).toBeLessThan(4_096 * 4);
  });

  test("says how much of a list is left out", () => {
    expect(loggable(["aaaa", "b", "c"], 3)).toEqual(["aaa…", "… 2 more"]);
  });

  test("ends at eight levels, so that it never goes round in a circle", () => {
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    expect(JSON.stringify(inFull(circle))).toBe(`${'{"self":'.repeat(8)}"…"${"}".repeat(8)}`);
  });
});
