import { describe, expect, test } from "@jest/globals";
import { ResetBudget } from "./reset-budget.js";

describe("ResetBudget", () => {
  const start = (max: number) => {
    let nowMs = 0;
    const budget = new ResetBudget(max, () => nowMs);
    return {
      spend: (times: number) => Array.from({ length: times }, () => budget.spend()).filter(Boolean).length,
      pass: (ms: number) => (nowMs += ms),
    };
  };

  test("grants what may be spent at once, and no more", () => {
    const { spend } = start(10);
    expect(spend(25)).toBe(10);
  });

  test("grants a tenth of it again each second", () => {
    const { spend, pass } = start(10);
    spend(10);
    pass(3_000);
    expect(spend(10)).toBe(3);
  });

  test("saves up no more than may be spent at once", () => {
    const { spend, pass } = start(10);
    pass(3_600_000);
    expect(spend(25)).toBe(10);
  });
});
