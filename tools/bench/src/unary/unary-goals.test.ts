import { describe, expect, test } from "@jest/globals";
import { unaryGoals } from "./unary-goals.js";
import { variants } from "./unary-variant.js";

const rounds = (...cpu: readonly number[]) => cpu.map((cpuUsPerCall) => ({ cpuUsPerCall, callsPerSecond: 1 }));

describe("unaryGoals", () => {
  test("compares the CPU time of each round with the peer's in the same round", () => {
    const goals = unaryGoals([
      { name: variants.ours.name, rounds: rounds(20, 80, 24) },
      { name: variants.bare.name, rounds: rounds(25, 100, 24) },
    ]);
    expect(goals[0]).toEqual({
      row: "U1",
      comparison: `CPU of a call: ${variants.ours.name} / ${variants.bare.name}`,
      measured: { median: 0.8, min: 0.8, max: 1 },
      bound: { kind: "atMost", value: 0.85 },
    });
  });

  test("does not take what was not measured for reached", () => {
    expect(unaryGoals([]).map(({ measured }) => measured.median)).toEqual(expect.arrayContaining([NaN]));
  });
});
