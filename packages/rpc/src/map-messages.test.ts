import { describe, expect, test } from "@jest/globals";
import { mapMessages } from "./map-messages.js";
import { collect } from "./waiting.fixture.js";

describe("mapMessages", () => {
  test.each([
    ["an array", [1, 2, 3]],
    [
      "an async generator",
      (async function* () {
        yield* await Promise.resolve([1, 2, 3]);
      })(),
    ],
  ])("maps each message of %s, in order", async (_case, messages) => {
    await expect(collect(mapMessages(messages, (n) => Promise.resolve(n * 2)))).resolves.toEqual([2, 4, 6]);
  });

  test("fails where the mapping fails", async () => {
    const mapped = mapMessages([1], () => {
      throw new Error("refused");
    });
    await expect(collect(mapped)).rejects.toThrow("refused");
  });

  test("tells a source that waits without end to stop", async () => {
    let stopped = false;
    const endless: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          stopped = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const iterator = mapMessages(endless, (n) => n)[Symbol.asyncIterator]();
    void iterator.next();
    await iterator.return?.();
    expect(stopped).toBe(true);
  });
});
