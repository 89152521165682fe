import { describe, expect, test } from "@jest/globals";
import { stdTimeFunctions } from "pino";
import { onceEachMillisecond } from "./line-time.js";

describe("onceEachMillisecond", () => {
  test("tells what isoTime of pino tells, by its clock", () => {
    let nowMs = Date.now();
    const iso = () => `,"time":"${new Date(nowMs).toISOString()}"`;
    let asked = 0;
    const time = () => {
      asked++;
      return iso();
    };
    const told = onceEachMillisecond(time, () => nowMs);
    expect(asked).toBe(1);
    for (const ms of [0, 0, 1, 1, 999, -5_000]) {
      nowMs += ms;
      expect(told()).toBe(iso());
    }
    expect(asked).toBe(1);
  });

  test("replaces the isoTime of pino itself", () => {
    expect(onceEachMillisecond(stdTimeFunctions.isoTime)).not.toBe(stdTimeFunctions.isoTime);
  });

  test.each([
    ["before it is asked", [1_000, 1_001, 1_001]],
    ["after it was asked", [1_000, 1_000, 1_001]],
  ])("recognises it when a millisecond ends %s", (_case, times) => {
    const clock = [...times];
    const now = () => clock.shift() ?? 1_001;
    const time = () => `,"time":"${new Date(now()).toISOString()}"`;
    expect(onceEachMillisecond(time, now)).not.toBe(time);
  });

  test.each([
    ["milliseconds since the epoch", stdTimeFunctions.epochTime],
    ["seconds since the epoch", stdTimeFunctions.unixTime],
    ["nanoseconds", stdTimeFunctions.isoTimeNano],
    ["nothing", stdTimeFunctions.nullTime],
    ["a time of its own", () => ',"time":"noon"'],
  ])("leaves a function alone that tells %s", (_case, time) => {
    expect(onceEachMillisecond(time)).toBe(time);
  });
});
