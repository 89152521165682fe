import { describe, expect, test } from "@jest/globals";
import { onceEach } from "./once-each.mjs";

describe("onceEach", () => {
  test.each([
    ["passes one signal on", [[0, "SIGINT"]], ["SIGINT"]],
    [
      "takes the same signal by two ways for one",
      [
        [0, "SIGINT"],
        [3, "SIGINT"],
      ],
      ["SIGINT"],
    ],
    [
      "passes a second, impatient signal on",
      [
        [0, "SIGINT"],
        [900, "SIGINT"],
      ],
      ["SIGINT", "SIGINT"],
    ],
    [
      "passes signals of two kinds on",
      [
        [0, "SIGINT"],
        [1, "SIGTERM"],
      ],
      ["SIGINT", "SIGTERM"],
    ],
  ] as const)("%s", (_case, sent, expected) => {
    let nowMs = 0;
    const received: string[] = [];
    const forward = onceEach(
      (signal) => received.push(signal),
      () => nowMs,
    );
    for (const [atMs, signal] of sent) {
      nowMs = atMs;
      forward(signal);
    }
    expect(received).toEqual(expected);
  });
});
