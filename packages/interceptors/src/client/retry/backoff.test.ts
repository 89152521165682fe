import { describe, expect, test } from "@jest/globals";
import { type BackoffOptions, createBackoff } from "./backoff.js";

const waits = (options: BackoffOptions) => {
  const backoff = createBackoff(options);
  return [0, 1, 2, 3, 4, 5].map((repeat) => Math.round(backoff(repeat)));
};

describe("createBackoff", () => {
  test.each([
    ["the middle", 0.5, [100, 200, 400, 800, 1_000, 1_000]],
    ["the least", 0, [80, 160, 320, 640, 800, 800]],
    ["the most", 1, [120, 240, 480, 960, 1_200, 1_200]],
  ])("doubles the wait up to a second, of which chance takes %s", (_case, chance, expected) => {
    expect(waits({ random: () => chance })).toEqual(expected);
  });

  test("waits as it is told", () => {
    const options = { initialBackoffMs: 10, maxBackoffMs: 100, backoffMultiplier: 3, random: () => 0.5 };
    expect(waits(options)).toEqual([10, 30, 90, 100, 100, 100]);
  });

  test.each([
    [{ initialBackoffMs: 0 }, "initialBackoffMs is 0 and maxBackoffMs 1000"],
    [{ initialBackoffMs: 2_000 }, "the first is not the larger"],
    [{ maxBackoffMs: Number.POSITIVE_INFINITY }, "maxBackoffMs Infinity"],
    [{ backoffMultiplier: 0.5 }, "backoffMultiplier is 0.5; it takes a number of at least 1"],
  ])("refuses %j", (options, message) => {
    expect(() => createBackoff(options)).toThrow(message);
  });
});
