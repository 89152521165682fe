import { expect, test } from "@jest/globals";
import { deadlineIn } from "./deadline.js";

test("deadlineIn counts from the clock it is given", () => {
  expect(deadlineIn(1_500, () => 1_000)).toEqual(new Date(2_500));
});

test("deadlineIn counts from now by default", () => {
  const before = Date.now();
  const deadline = deadlineIn(1_000).getTime();
  expect(deadline).toBeGreaterThanOrEqual(before + 1_000);
  expect(deadline).toBeLessThanOrEqual(Date.now() + 1_000);
});
