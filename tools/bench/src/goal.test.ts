import { describe, expect, test } from "@jest/globals";
import { type Bound, type Goal, goalTable, isReached } from "./goal.js";

const goal = (median: number, bound?: Bound): Goal => ({
  row: "U1",
  comparison: "CPU ours / bare",
  measured: { median, min: 0.5, max: 1.5 },
  bound,
});

describe("isReached", () => {
  test.each([
    ["a ratio below its upper bound", goal(0.8, { kind: "atMost", value: 0.85 }), true],
    ["a ratio at its upper bound", goal(0.85, { kind: "atMost", value: 0.85 }), true],
    ["a ratio above its upper bound", goal(0.86, { kind: "atMost", value: 0.85 }), false],
    ["a ratio above its lower bound", goal(3.1, { kind: "atLeast", value: 3 }), true],
    ["a ratio below its lower bound", goal(2.9, { kind: "atLeast", value: 3 }), false],
    ["nothing measured", goal(NaN, { kind: "atMost", value: 1 }), false],
    ["a ratio without a bound", goal(9), true],
  ])("judges %s", (_case, measured, reached) => {
    expect(isReached(measured)).toBe(reached);
  });
});

describe("goalTable", () => {
  test("shows the value beside its goal", () => {
    expect(
      goalTable([goal(0.8, { kind: "atMost", value: 0.85 }), goal(2.9, { kind: "atLeast", value: 3 }), goal(1)]).split(
        "\n",
      ),
    ).toEqual([
      "| row | ratio | median | min to max | goal |  |",
      "| --- | --- | --- | --- | --- | --- |",
      "| U1 | CPU ours / bare | 0.80 | 0.50 to 1.50 | <= 0.85 | reached |",
      "| U1 | CPU ours / bare | 2.90 | 0.50 to 1.50 | >= 3.00 | MISSED |",
      "| U1 | CPU ours / bare | 1.00 | 0.50 to 1.50 |  |  |",
    ]);
  });
});
