import { describe, expect, jest, test } from "@jest/globals";
import { createFakeClock } from "@rollcall/testing";
import { Answers } from "./answers.js";

function start(max = 10) {
  const clock = createFakeClock(0);
  return { clock, answers: new Answers<number>({ max, now: clock.now }) };
}

describe("Answers", () => {
  test("are known until their time has come", async () => {
    const { answers, clock } = start();
    answers.keep("a", 1, 10);
    await clock.advance(9);
    expect(answers.recall("a")).toBe(1);
    await clock.advance(1);
    expect(answers.recall("a")).toBeUndefined();
    expect(answers.recall("b")).toBeUndefined();
  });

  test("push out those that were not asked for the longest", () => {
    const { answers } = start(2);
    answers.keep("a", 1, 10);
    answers.keep("b", 2, 10);
    answers.recall("a");
    answers.keep("c", 3, 10);
    expect(["a", "b", "c"].map((question) => answers.recall(question))).toEqual([1, undefined, 3]);
  });

  test("are shared by those who ask the same at the same time", async () => {
    const { answers } = start();
    const ask = jest.fn(() => Promise.resolve(1));
    await expect(Promise.all([answers.ask("a", ask), answers.ask("a", ask), answers.ask("b", ask)])).resolves.toEqual([
      1, 1, 1,
    ]);
    expect(ask).toHaveBeenCalledTimes(2);
    await answers.ask("a", ask);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  test("are asked for again after a failure", async () => {
    const { answers } = start();
    await expect(answers.ask("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    await expect(answers.ask("a", () => Promise.resolve(1))).resolves.toBe(1);
  });

  test("are forgotten on demand", () => {
    const { answers } = start();
    answers.keep("a", 1, 10);
    answers.keep("b", 2, 10);
    answers.forget((value) => value === 1);
    expect([answers.recall("a"), answers.recall("b")]).toEqual([undefined, 2]);
    answers.clear();
    expect(answers.recall("b")).toBeUndefined();
  });
});
