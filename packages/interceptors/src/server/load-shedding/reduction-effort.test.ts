import { describe, expect, test } from "@jest/globals";
import { ReductionEffort } from "./reduction-effort.js";

describe("ReductionEffort", () => {
  test.each<[string, readonly (readonly [inFlight: number, slowdown: number])[], readonly boolean[]]>([
    [
      "is fruitless where far fewer calls take as long",
      [
        [100, 3],
        [80, 3],
        [70, 3],
      ],
      [false, false, true],
    ],
    [
      "is not where they get faster",
      [
        [100, 10],
        [70, 7],
        [49, 4.9],
      ],
      [false, false, false],
    ],
    [
      "is not where nothing is slow",
      [
        [100, 1],
        [10, 1],
      ],
      [false, false],
    ],
    [
      "takes the slowest of what came before",
      [
        [100, 3],
        [90, 10],
        [60, 6],
      ],
      [false, false, false],
    ],
    [
      "begins anew after an answer",
      [
        [100, 3],
        [70, 3],
        [70, 3],
        [49, 3],
      ],
      [false, true, false, true],
    ],
    [
      "begins anew when calls were fast in between",
      [
        [100, 3],
        [90, 2],
        [50, 3],
      ],
      [false, false, false],
    ],
  ])("%s", (_case, windows, expected) => {
    const effort = new ReductionEffort(2);
    expect(windows.map(([inFlight, slowdown]) => effort.isFruitless(inFlight, slowdown))).toEqual(expected);
  });
});
