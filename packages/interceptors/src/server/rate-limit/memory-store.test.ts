import { describe, expect, test } from "@jest/globals";
import { createMemoryStore } from "./memory-store.js";

const limit = { requests: 2, perMs: 1_000, cost: 1 };

/** A counter and its clock. */
const create = (options = {}, ofLimit = limit) => {
  let nowMs = 0;
  const store = createMemoryStore({ now: () => nowMs, ...options });
  const passMs = (ms: number) => {
    nowMs += ms;
  };
  return { store, count: store.counterOf("/m", ofLimit), passMs };
};

describe("createMemoryStore", () => {
  test("lets so many calls through in each window, which begins with the first of them", () => {
    const { count, passMs } = create();
    passMs(700);
    expect([count("a"), count("a"), count("a")]).toEqual([0, 0, 1_000]);
    passMs(400);
    expect(count("a")).toBe(600);
    passMs(600);
    expect([count("a"), count("a"), count("a")]).toEqual([0, 0, 1_000]);
  });

  test("does not make those who are refused wait longer", () => {
    const { count, passMs } = create();
    for (let call = 0; call < 1_000; call++) {
      count("a");
    }
    passMs(1_000);
    expect(count("a")).toBe(0);
  });

  test("counts each caller and each method for itself", () => {
    const { store, count } = create();
    expect([count("a"), count("a"), count("a")]).toEqual([0, 0, 1_000]);
    expect(count("b")).toBe(0);
    expect(store.counterOf("/n", limit)("a")).toBe(0);
  });

  test.each([
    [5, 10, 2],
    [3, 10, 3],
    [10, 10, 1],
  ])("takes the cost of %d out of %d for each of %d calls", (cost, requests, calls) => {
    const { count } = create({}, { requests, perMs: 1_000, cost });
    for (let call = 0; call < calls; call++) {
      expect(count("a")).toBe(0);
    }
    expect(count("a")).toBe(1_000);
  });

  test("begins anew when the clock is set back, rather than wait until it has caught up", () => {
    const { count, passMs } = create();
    expect([count("a"), count("a"), count("a")]).toEqual([0, 0, 1_000]);
    passMs(-3_600_000);
    expect([count("a"), count("a"), count("a")]).toEqual([0, 0, 1_000]);
  });

  test("remembers a thousand callers at once", () => {
    const { count } = create({}, { ...limit, requests: 1 });
    const callers = Array.from({ length: 1_000 }, (_, number) => `caller ${number}`);
    expect(callers.map(count).every((waitMs) => waitMs === 0)).toBe(true);
    expect(callers.map(count).every((waitMs) => waitMs === 1_000)).toBe(true);
  });

  test("forgets those who called longest ago when there are too many, and keeps those who go on calling", () => {
    const { count } = create({ maxKeys: 10 }, { ...limit, requests: 1 });
    count("early");
    count("busy");
    for (let number = 0; number < 100; number++) {
      count(`caller ${number}`);
      expect(count("busy")).toBe(1_000);
    }
    expect(count("early")).toBe(0);
  });

  test("counts by a clock of its own where it is given none", () => {
    const count = createMemoryStore().counterOf("/m", { requests: 1, perMs: 3_600_000, cost: 1 });
    expect(count("a")).toBe(0);
    expect(count("a")).toBeGreaterThan(3_500_000);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity])("refuses to remember %d callers", (maxKeys) => {
    expect(() => createMemoryStore({ maxKeys })).toThrow(
      new TypeError(`maxKeys is ${maxKeys}; it takes a whole number above 0`),
    );
  });
});
