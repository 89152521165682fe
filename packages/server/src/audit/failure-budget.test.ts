import { describe, expect, test } from "@jest/globals";
import { createFakeClock } from "@rollcall/testing";
import { createFailureBudget, type FailureBudgetOptions } from "./failure-budget.js";

const stranger = (peer: string) => ({ caller: undefined, peer });
const caller = (subject: string, peer = "127.0.0.1") => ({ caller: { subject }, peer });

function start(options: FailureBudgetOptions = {}) {
  const clock = createFakeClock();
  return { clock, budget: createFailureBudget({ now: clock.now, perSource: 3, anonymous: 5, ...options }) };
}

describe("createFailureBudget", () => {
  test("leaves out what one caller fails at too often, whatever the address, and nobody else's", () => {
    const { budget } = start();
    const taken = ["1", "2", "3", "4"].map((address) => budget.take(caller("ann", address)));
    expect(taken).toEqual([0, 0, 0, undefined]);
    expect(budget.take(caller("bob"))).toBe(1);
  });

  test("leaves out what comes from one address too often where nobody says who calls", () => {
    const { budget } = start();
    expect([1, 2, 3, 4].map(() => budget.take(stranger("a")))).toEqual([0, 0, 0, undefined]);
    expect(budget.take(stranger("b"))).toBe(1);
  });

  test("leaves out what strangers fail at from many addresses, and not what callers do", () => {
    const { budget } = start();
    const peers = Array.from({ length: 100 }, (_, index) => String(index));
    const taken = peers.map((peer) => budget.take(stranger(peer)));
    expect(taken.filter((leftOut) => leftOut !== undefined)).toHaveLength(5);
    expect(budget.take(caller("ann"))).toBe(95);
  });

  test("counts what it has left out until that is written, once", () => {
    const { budget } = start();
    for (let failure = 0; failure < 13; failure++) {
      budget.take(caller("ann"));
    }
    expect(budget.take(caller("bob"))).toBe(10);
    expect(budget.take(caller("bob"))).toBe(0);
  });

  test("begins anew every minute", async () => {
    const { budget, clock } = start();
    const take = () => [1, 2, 3, 4].map(() => budget.take(caller("ann")));
    expect(take()).toEqual([0, 0, 0, undefined]);
    await clock.advance(59_999);
    expect(take()).toEqual([undefined, undefined, undefined, undefined]);
    await clock.advance(1);
    expect(take()).toEqual([5, 0, 0, undefined]);
  });

  test("remembers no more addresses than it is told to", () => {
    const { budget } = start({ maxSources: 2, anonymous: 1_000 });
    expect(["a", "a", "a"].map((peer) => budget.take(stranger(peer)))).toEqual([0, 0, 0]);
    expect(["b", "c", "a"].map((peer) => budget.take(stranger(peer)))).toEqual([0, 0, 0]);
  });

  test("takes 20 a minute of each, and 200 of all strangers, unless told otherwise", () => {
    const budget = createFailureBudget({ now: () => 0 });
    const written = (source: Parameters<typeof budget.take>[0]) =>
      Array.from({ length: 500 }, () => budget.take(source)).filter((leftOut) => leftOut !== undefined).length;
    expect(written(caller("ann"))).toBe(20);
    const peers = Array.from({ length: 50 }, (_, index) => String(index));
    expect(peers.reduce((sum, peer) => sum + written(stranger(peer)), 0)).toBe(200);
  });
});
