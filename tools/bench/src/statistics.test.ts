import { describe, expect, test } from "@jest/globals";
import { median, ratioOf, spreadOf } from "./statistics.js";

describe("median", () => {
  test.each([
    ["the middle of an odd number of values, whatever their order", [9, 1, 5], 5],
    ["the mean of the two in the middle of an even number", [4, 1, 3, 100], 3.5],
    ["the only value", [7], 7],
    ["NaN without values", [], NaN],
  ])("is %s", (_case, values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe("spreadOf", () => {
  test("tells the median, the least and the greatest", () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
  });
});

describe("ratioOf", () => {
  test("compares round by round, so that a slow round slows both", () => {
    expect(ratioOf([1, 20, 3], [2, 40, 4])).toEqual({ median: 0.5, min: 0.5, max: 0.75 });
  });

  test("leaves out the rounds that only one has", () => {
    expect(ratioOf([1, 2, 3], [2, 8])).toEqual({ median: 0.375, min: 0.25, max: 0.5 });
  });
});
