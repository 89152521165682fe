import { describe, expect, test } from "@jest/globals";
import { retryContention } from "./retry-contention.js";
import { StoreError } from "./store-error.js";

const lost = new StoreError("contention", "other transactions are in the way");
const options = { random: () => 0 };

describe("retryContention", () => {
  test.each([1, 2, 5])("gives the result of attempt %i, when those before it lost", async (winner) => {
    let attempts = 0;
    const result = retryContention(async () => {
      attempts += 1;
      if (attempts < winner) {
        throw lost;
      }
      return `won after ${attempts}`;
    }, options);

    await expect(result).resolves.toBe(`won after ${winner}`);
  });

  test.each([
    ["every attempt lost", lost, 5],
    ["the outcome is not known", new StoreError("unavailable", "connection lost"), 1],
    ["the work itself failed", new Error("a defect"), 1],
  ])("gives up when %s", async (_case, error, expectedAttempts) => {
    let attempts = 0;
    const result = retryContention(async () => {
      attempts += 1;
      throw error;
    }, options);

    await expect(result).rejects.toBe(error);
    expect(attempts).toBe(expectedAttempts);
  });
});
