import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { runAll } from "./run-all.js";

describe("runAll", () => {
  test("answers in the order of the tasks, whichever ends first", async () => {
    const rounds = [5, 1, 3];
    const ended: number[] = [];
    const results = await runAll(rounds, 2, async (count) => {
      for (let round = 0; round < count; round++) {
        await setImmediate();
      }
      ended.push(count);
      return `task ${count}`;
    });
    expect(results).toEqual(["task 5", "task 1", "task 3"]);
    expect(ended[0]).toBe(1);
  });

  test("runs no more at a time than the limit allows", async () => {
    let running = 0;
    let most = 0;
    await runAll([1, 2, 3, 4, 5], 2, async () => {
      running++;
      most = Math.max(most, running);
      await setImmediate();
      running--;
    });
    expect(most).toBe(2);
  });
});
