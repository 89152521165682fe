import { describe, expect, test } from "@jest/globals";
import { methodOf } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { createLoadLimit } from "./create-load-limit.js";
import type { LoadLimitOptions } from "./load-limit.js";
import { createSimulation, type Offer, type Outcome } from "./simulate-load.fixture.js";

const { methods } = PingServiceDefinition;
const unary = methodOf(PingServiceDefinition, methods.ping);
const streaming = methodOf(PingServiceDefinition, methods.echo);

/** Takes 1,000 calls per second. */
const database = { parallel: 10, serviceMs: 10 };
const capacityPerSecond = 1_000;
const offer = (timesCapacity: number): Offer => ({ perSecond: timesCapacity * capacityPerSecond, resource: database });
const unlimited: LoadLimitOptions = { minLimit: 1_000_000, initialLimit: 1_000_000, maxLimit: 1_000_000 };

/** Calls per second that were answered soon enough for somebody to have waited for them. */
const goodput = ({ latenciesMs }: Outcome, seconds: number) => latenciesMs.filter((ms) => ms <= 200).length / seconds;
const slowest = ({ latenciesMs }: Outcome) => latenciesMs.reduce((most, ms) => Math.max(most, ms), 0);

describe("a server with a load limit, offered three times what it can do", () => {
  test("would answer hardly anybody in time without the limit", () => {
    const simulation = createSimulation(unlimited);
    simulation.run(10, { calls: offer(0.5) });
    const { calls } = simulation.run(30, { calls: offer(3) });
    expect(goodput(calls, 30)).toBeLessThan(0.01 * capacityPerSecond);
    expect(slowest(calls)).toBeGreaterThan(15_000);
  });

  test("goes on to do all it can, and answers in little more than twice the usual time", () => {
    const simulation = createSimulation();
    simulation.run(10, { calls: offer(0.5) });
    const { calls: onset } = simulation.run(30, { calls: offer(3) });
    expect(goodput(onset, 30)).toBeGreaterThan(0.95 * capacityPerSecond);
    expect(slowest(onset)).toBeLessThanOrEqual(110);
    const { calls: settled } = simulation.run(60, { calls: offer(3) });
    expect(goodput(settled, 60)).toBeGreaterThan(0.98 * capacityPerSecond);
    expect(slowest(settled)).toBeLessThanOrEqual(30);
    expect(settled.refused / 60).toBeLessThan(2.05 * capacityPerSecond);
  });

  test("keeps its bounds where it is overloaded from its first call on, and knows no usual time", () => {
    const simulation = createSimulation();
    const { calls } = simulation.run(120, { calls: offer(3) });
    expect(calls.latenciesMs.length / 120).toBeGreaterThan(0.98 * capacityPerSecond);
    // Twice what the first calls take at the limit with which it begins.
    expect(slowest(calls)).toBeLessThan(2.2 * 100);
  });

  test("refuses nobody any more as soon as the load is gone", () => {
    const simulation = createSimulation();
    simulation.run(10, { calls: offer(0.5) });
    simulation.run(60, { calls: offer(3) });
    const { calls } = simulation.run(20, { calls: offer(0.5) });
    expect(calls.refused).toBe(0);
    simulation.run(1, { calls: offer(0.5) });
    expect(slowest(simulation.run(10, { calls: offer(0.5) }).calls)).toBe(10);
  });
});

describe("a load limit", () => {
  test.each([0.1, 0.5, 0.9, 1])("refuses nobody at %d times what the server can do", (timesCapacity) => {
    const simulation = createSimulation();
    expect(simulation.run(120, { calls: offer(timesCapacity) }).calls.refused).toBe(0);
  });

  test("lets a method that hangs neither slow the others down nor shut them out", () => {
    const simulation = createSimulation();
    const quick = { perSecond: 500, resource: { parallel: 10, serviceMs: 2 } };
    const hanging = (serviceMs: number) => ({ perSecond: 100, resource: { parallel: 10_000, serviceMs } });
    simulation.run(10, { quick, hanging: hanging(10) });
    const during = simulation.run(60, { quick, hanging: hanging(5_000) });
    expect(during.quick.refused).toBe(0);
    expect(slowest(during.quick)).toBe(2);
    expect(during.hanging.refused).toBeGreaterThan(3_000);
    expect(simulation.limit.limit).toBeGreaterThanOrEqual(100);
    simulation.run(6, { quick, hanging: hanging(10) });
    const after = simulation.run(10, { quick, hanging: hanging(10) });
    expect([after.quick.refused, after.hanging.refused]).toEqual([0, 0]);
  });

  test.each<[string, LoadLimitOptions]>([
    ["", {}],
    [", even where it cannot fall any further", { minLimit: 40, initialLimit: 40 }],
  ])("gets over calls that have become slower for good, and not because there are many of them%s", (_case, options) => {
    const simulation = createSimulation(options);
    const busy = (serviceMs: number): Offer => ({ perSecond: 2_000, resource: { parallel: 100, serviceMs } });
    simulation.run(10, { calls: busy(10) });
    const { calls: meanwhile } = simulation.run(45, { calls: busy(30) });
    expect(meanwhile.refused / 45).toBeLessThan(0.25 * 2_000);
    expect(simulation.run(60, { calls: busy(30) }).calls.refused).toBe(0);
  });

  test("rises where many calls are in flight and none takes longer for it", () => {
    const simulation = createSimulation();
    const many = { perSecond: 8_000, resource: { parallel: 10_000, serviceMs: 10 } };
    const { calls } = simulation.run(60, { calls: many });
    expect(calls.refused).toBe(0);
    expect(simulation.limit.limit).toBeGreaterThan(120);
  });

  test("stays between its minimum and its maximum", () => {
    const simulation = createSimulation({ minLimit: 30, initialLimit: 40, maxLimit: 50 });
    simulation.run(10, { calls: offer(0.5) });
    const seconds = Array.from({ length: 60 }, (_, second) => second);
    const limits = seconds.map((second) => {
      simulation.run(1, {
        calls: second < 30 ? offer(10) : { ...offer(4), resource: { parallel: 1_000, serviceMs: 10 } },
      });
      return simulation.limit.limit;
    });
    expect([Math.min(...limits), Math.max(...limits)]).toEqual([30, 50]);
  });

  test("never refuses a call while fewer than its minimum are in flight", () => {
    const limit = createLoadLimit({ minLimit: 5, initialLimit: 5, maxLimit: 5 });
    const load = limit.loadOf(unary);
    expect(Array.from({ length: 7 }, () => load.begin() !== undefined)).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(limit.inFlight).toBe(5);
    load.end(0, true);
    expect(load.begin()).toBeDefined();
  });

  test("lets a method have its fair share where another one holds all there is", () => {
    const limit = createLoadLimit({ minLimit: 10, initialLimit: 10, maxLimit: 10 });
    const [greedy, modest] = [limit.loadOf(unary), limit.loadOf(unary)];
    const begun = (load: typeof greedy) =>
      Array.from({ length: 20 }, () => load.begin()).filter((call) => call !== undefined);
    expect(begun(greedy)).toHaveLength(10);
    expect(begun(modest)).toHaveLength(5);
    greedy.end(0, false);
    expect(greedy.begin()).toBeUndefined();
  });

  describe("counts streams", () => {
    const create = () => {
      let nowMs = 0;
      const limit = createLoadLimit({ minLimit: 2, initialLimit: 2, maxLimit: 2, windowMs: 1_000, now: () => nowMs });
      const passMs = (ms: number) => {
        nowMs += ms;
      };
      return { limit, streams: limit.loadOf(streaming), calls: limit.loadOf(unary), passMs };
    };

    test("when they begin, and refuses them like other calls", () => {
      const { limit, streams } = create();
      expect([streams.begin(), streams.begin(), streams.begin()]).toEqual([0, 0, undefined]);
      expect(limit.inFlight).toBe(2);
    });

    test("no longer when they have ended", () => {
      const { limit, streams } = create();
      streams.end(streams.begin() ?? -1, true);
      expect(limit.inFlight).toBe(0);
    });

    test("no longer when their first window is over, and their end not once more", () => {
      const { limit, streams, calls, passMs } = create();
      const begun = [streams.begin() ?? -1, streams.begin() ?? -1];
      passMs(1_000);
      expect(calls.begin()).toBeDefined();
      expect(limit.inFlight).toBe(1);
      begun.forEach((stream) => {
        streams.end(stream, true);
      });
      expect(limit.inFlight).toBe(1);
    });

    test("no longer when the clock was set back, either", () => {
      const { limit, streams, calls, passMs } = create();
      expect([streams.begin(), streams.begin()]).toEqual([0, 0]);
      passMs(-3_600_000);
      expect(calls.begin()).toBeDefined();
      expect(limit.inFlight).toBe(1);
    });

    test("and learns nothing from how long they last", () => {
      const { limit, streams, passMs } = create();
      for (let stream = 0; stream < 100; stream++) {
        const begun = streams.begin() ?? -1;
        passMs(stream * 1_000);
        streams.end(begun, true);
      }
      expect(limit.limit).toBe(2);
      expect(limit.inFlight).toBe(0);
    });
  });

  test.each([
    [9, 16],
    [10, 20],
  ])("is not moved by few calls: %d of them", (calls, expected) => {
    let nowMs = 0;
    const limit = createLoadLimit({ initialLimit: 16, minLimit: 1, smoothing: 1, windowMs: 1_000, now: () => nowMs });
    const load = limit.loadOf(unary);
    const begun = Array.from({ length: calls }, () => load.begin() ?? Number.NaN);
    begun.forEach((call) => {
      load.end(call, true);
    });
    nowMs = 1_000;
    load.begin();
    expect(limit.limit).toBe(expected);
  });

  test("goes on when the clock is set back", () => {
    let nowMs = 1e9;
    const limit = createLoadLimit({ now: () => nowMs });
    const load = limit.loadOf(unary);
    for (let call = 0; call < 1_000; call++) {
      const begun = load.begin();
      nowMs -= 3_600_000;
      load.end(begun ?? Number.NaN, true);
    }
    expect([limit.limit, limit.inFlight]).toEqual([100, 0]);
  });

  test("runs on a clock and defaults of its own where it is given none", () => {
    const limit = createLoadLimit();
    expect([limit.limit, limit.inFlight]).toEqual([100, 0]);
    expect(createLoadLimit({ minLimit: 200 }).limit).toBe(200);
    expect(createLoadLimit({ maxLimit: 50 }).limit).toBe(50);
  });

  test.each<[LoadLimitOptions, string]>([
    [{ minLimit: 0 }, "minLimit is 0; it takes a whole number above 0"],
    [{ maxLimit: 1.5 }, "maxLimit is 1.5; it takes a whole number above 0"],
    [{ initialLimit: Number.NaN }, "initialLimit is NaN; it takes a whole number above 0"],
    [{ minLimit: 10, maxLimit: 5 }, "the limit cannot begin at 5 and stay between 10 and 5"],
    [{ minLimit: 10, initialLimit: 5 }, "the limit cannot begin at 5 and stay between 10 and 1000"],
    [{ tolerance: 1 }, "tolerance is 1; it takes a number above 1"],
    [{ smoothing: 0 }, "smoothing is 0; it takes a number above 0, at most 1"],
    [{ smoothing: 1.1 }, "smoothing is 1.1; it takes a number above 0, at most 1"],
    [{ windowMs: -1 }, "windowMs is -1; it takes a number above 0"],
    [{ windowMs: Infinity }, "windowMs is Infinity; it takes a number above 0"],
  ])("refuses %p", (options, sentence) => {
    expect(() => createLoadLimit(options)).toThrow(new TypeError(sentence));
  });
});
