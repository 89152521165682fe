import { describe, expect, test } from "@jest/globals";
import { interleave } from "./interleave.js";

describe("interleave", () => {
  const variants = [{ name: "a" }, { name: "b" }, { name: "c" }];

  test("measures all variants in each round, and every other round backwards", async () => {
    const order: string[] = [];
    await interleave(variants, 3, async ({ name }) => order.push(name));
    expect(order.join("")).toBe("abccbaabc");
  });

  test("tells the results of each variant in the order of the rounds", async () => {
    let measured = 0;
    expect(await interleave(variants, 2, async () => measured++)).toEqual([
      { name: "a", rounds: [0, 5] },
      { name: "b", rounds: [1, 4] },
      { name: "c", rounds: [2, 3] },
    ]);
  });

  test("fails with the variant that fails", async () => {
    const fail = async () => {
      throw new Error("a wrong answer");
    };
    await expect(interleave(variants, 1, fail)).rejects.toThrow("a wrong answer");
  });
});
