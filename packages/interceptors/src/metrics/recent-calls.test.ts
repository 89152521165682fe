import { describe, expect, test } from "@jest/globals";
import { RecentCalls } from "./recent-calls.js";

const createRecentCalls = (capacity: number) => {
  const settled: number[] = [];
  return { recent: new RecentCalls<number>((call) => settled.push(call), capacity), settled };
};

describe("RecentCalls", () => {
  test("settles the oldest call for each that does not fit", () => {
    const { recent, settled } = createRecentCalls(3);
    [1, 2, 3, 4, 5, 6, 7].forEach((call) => {
      recent.add(call);
    });
    expect(settled).toEqual([1, 2, 3, 4]);
    expect([...recent].sort()).toEqual([5, 6, 7]);
  });

  test("settles all when asked, each once", () => {
    const { recent, settled } = createRecentCalls(3);
    recent.add(1);
    recent.add(2);
    recent.settleAll();
    recent.settleAll();
    expect(settled).toEqual([1, 2]);
    expect([...recent]).toEqual([]);
  });

  test("goes on in order after all were settled in the middle of a round", () => {
    const { recent, settled } = createRecentCalls(2);
    [1, 2, 3].forEach((call) => {
      recent.add(call);
    });
    recent.settleAll();
    settled.length = 0;
    [4, 5, 6].forEach((call) => {
      recent.add(call);
    });
    expect(settled).toEqual([4]);
  });
});
