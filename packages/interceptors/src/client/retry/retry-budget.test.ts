import { describe, expect, test } from "@jest/globals";
import { RetryBudget } from "./retry-budget.js";

const failures = (budget: RetryBudget, count: number) => Array.from({ length: count }, () => budget.fail());

describe("RetryBudget", () => {
  test("allows repeats while more than half of the tokens are left", () => {
    const budget = new RetryBudget({ maxTokens: 10, tokenRatio: 0.1 });
    expect(failures(budget, 6)).toEqual([true, true, true, true, false, false]);
  });

  test("allows them again after enough successes", () => {
    const budget = new RetryBudget({ maxTokens: 4, tokenRatio: 0.5 });
    expect(failures(budget, 2)).toEqual([true, false]);
    budget.succeed();
    expect(budget.fail()).toBe(false);
    for (let success = 0; success < 4; success++) {
      budget.succeed();
    }
    expect(budget.fail()).toBe(true);
  });

  test("neither saves more tokens than there are at most, nor goes below none", () => {
    const budget = new RetryBudget({ maxTokens: 2, tokenRatio: 1 });
    budget.succeed();
    expect(failures(budget, 5)).toEqual([false, false, false, false, false]);
    budget.succeed();
    budget.succeed();
    expect(budget.fail()).toBe(false);
    budget.succeed();
    expect(new RetryBudget({ maxTokens: 3, tokenRatio: 1 }).fail()).toBe(true);
  });

  test.each([
    { maxTokens: 0, tokenRatio: 0.1 },
    { maxTokens: 10, tokenRatio: -1 },
    { maxTokens: Number.NaN, tokenRatio: 0.1 },
  ])("refuses $maxTokens tokens and $tokenRatio back", (throttling) => {
    expect(() => new RetryBudget(throttling)).toThrow("throttling takes numbers above 0");
  });
});
