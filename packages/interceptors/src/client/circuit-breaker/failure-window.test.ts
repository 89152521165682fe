import { describe, expect, test } from "@jest/globals";
import { FailureWindow } from "./failure-window.js";

describe("FailureWindow", () => {
  test("counts calls and tells which part of them failed", () => {
    const window = new FailureWindow(1_000);
    expect([window.calls, window.failureRatio]).toEqual([0, 0]);
    for (const failed of [true, false, false, true, true]) {
      window.add(failed, 50);
    }
    expect([window.calls, window.failureRatio]).toEqual([5, 0.6]);
  });

  test("forgets what is older than the window, a tenth at a time", () => {
    const window = new FailureWindow(1_000);
    window.add(true, 0);
    window.add(true, 100);
    window.add(false, 950);
    expect(window.calls).toBe(3);
    window.add(false, 1_000);
    expect([window.calls, window.failureRatio]).toEqual([3, 1 / 3]);
    window.add(false, 5_000);
    expect([window.calls, window.failureRatio]).toEqual([1, 0]);
  });

  test("takes a clock that was set back to stand still", () => {
    const window = new FailureWindow(1_000);
    window.add(true, 10_000);
    window.add(false, 2_000);
    expect([window.calls, window.failureRatio]).toEqual([2, 0.5]);
  });

  test("forgets everything when it is told to", () => {
    const window = new FailureWindow(1_000);
    window.add(true, 0);
    window.clear();
    window.add(false, 1);
    expect([window.calls, window.failureRatio]).toEqual([1, 0]);
  });
});
