import { describe, expect, test } from "@jest/globals";
import { Turnstile } from "./turnstile.js";

describe("Turnstile", () => {
  test("lets one through at a time, in the order of arrival", async () => {
    const turnstile = new Turnstile();
    const order: number[] = [];
    let inside = 0;

    await Promise.all(
      Array.from({ length: 5 }, async (_, number) => {
        await turnstile.enter(1_000);
        inside += 1;
        expect(inside).toBe(1);
        order.push(number);
        await Promise.resolve();
        inside -= 1;
        turnstile.leave();
      }),
    );

    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test("turns away whose turn does not come in time, and lets the others through after that", async () => {
    const turnstile = new Turnstile();
    await turnstile.enter(1_000);
    const patient = turnstile.enter(1_000);

    await expect(turnstile.enter(1)).rejects.toMatchObject({
      kind: "unavailable",
      message: "the database was not free to write within 1 ms",
    });

    turnstile.leave();
    await expect(patient).resolves.toBeUndefined();
    turnstile.leave();
    await expect(turnstile.enter(1)).resolves.toBeUndefined();
  });
});
