import { describe, expect, test } from "@jest/globals";
import { createFakeClock } from "./fake-clock.js";

describe("createFakeClock", () => {
  test("stands still until it is advanced", async () => {
    const clock = createFakeClock(1_000);
    expect(clock.now()).toBe(1_000);
    await clock.advance(500);
    expect(clock.now()).toBe(1_500);
  });

  test("wakes sleepers in the order of their times, each at its own", async () => {
    const clock = createFakeClock(0);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    const sleepers = [sleeper("late", 30), sleeper("early", 10), sleeper("next to early", 10)];
    await clock.advance(30);
    await Promise.all(sleepers);
    expect(woken).toEqual([
      ["early", 10],
      ["next to early", 10],
      ["late", 30],
    ]);
  });

  test("lets one sleeper go to sleep again while time passes", async () => {
    const clock = createFakeClock(0);
    const woken: number[] = [];
    const loop = async () => {
      while (woken.length < 3) {
        await clock.sleep(10);
        woken.push(clock.now());
      }
    };
    const end = loop();
    await clock.advance(35);
    await end;
    expect(woken).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  test("tells when somebody sleeps", async () => {
    const clock = createFakeClock();
    const two = clock.sleepers(2);
    const first = clock.sleep(1);
    let known = false;
    void two.then(() => (known = true));
    await Promise.resolve();
    expect(known).toBe(false);
    const second = clock.sleep(1);
    await two;
    await clock.advance(1);
    await Promise.all([first, second]);
  });

  test("ends a sleep with the reason of its signal", async () => {
    const clock = createFakeClock();
    const reason = new Error("enough");
    await expect(clock.sleep(1, AbortSignal.abort(reason))).rejects.toBe(reason);
    const ending = new AbortController();
    const sleep = clock.sleep(1, ending.signal);
    ending.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    await clock.advance(1);
  });
});
