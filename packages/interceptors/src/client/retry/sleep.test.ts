import { describe, expect, test } from "@jest/globals";
import { sleepInRealTime } from "./sleep.js";

const longMs = 3_600_000;

describe("sleepInRealTime", () => {
  test("waits at least that long", async () => {
    const beginMs = performance.now();
    await sleepInRealTime(20, new AbortController().signal);
    expect(performance.now() - beginMs).toBeGreaterThan(18);
  });

  test("ends at once, with the signal's reason, when the signal is aborted before or meanwhile", async () => {
    const reason = new Error("enough");
    await expect(sleepInRealTime(longMs, AbortSignal.abort(reason))).rejects.toBe(reason);
    const stopping = new AbortController();
    const asleep = sleepInRealTime(longMs, stopping.signal);
    stopping.abort(reason);
    await expect(asleep).rejects.toBe(reason);
  });
});
