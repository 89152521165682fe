import { describe, expect, test } from "@jest/globals";
import { MethodLatency } from "./method-latency.js";

/** A method whose calls usually take 10 ms. */
const create = () => {
  const latency = new MethodLatency();
  latency.add(5);
  latency.add(15);
  latency.learn(0);
  return latency;
};

describe("MethodLatency", () => {
  test("takes the first calls for the usual ones", () => {
    const latency = new MethodLatency();
    latency.add(10);
    expect(latency.slowdown).toBe(1);
    latency.learn(0);
    latency.add(30);
    expect(latency.slowdown).toBe(3);
  });

  test.each([
    [0, 3],
    [0.5, 1.5],
    [1, 1],
  ])("lets slower calls become usual by a share of %d", (share, slowdown) => {
    const latency = create();
    latency.add(30);
    latency.learn(share);
    latency.add(30);
    expect(latency.slowdown).toBe(slowdown);
  });

  test("lets faster calls become usual, whatever the share", () => {
    const latency = create();
    for (let window = 0; window < 20; window++) {
      latency.add(2);
      latency.learn(0);
    }
    latency.add(4);
    expect(latency.slowdown).toBeCloseTo(2, 1);
  });

  test("takes all that is faster than a millisecond for equally fast", () => {
    const latency = new MethodLatency();
    latency.add(0);
    latency.learn(0);
    latency.add(0.9);
    expect(latency.slowdown).toBe(1);
  });

  test("takes no time for the least that a call can take, also where the clock was set back meanwhile", () => {
    const latency = create();
    latency.add(-3_600_000);
    latency.add(40);
    expect(latency.slowdown).toBe(2);
  });

  test("learns nothing where no call has ended", () => {
    const latency = create();
    latency.learn(1);
    expect(latency.count).toBe(0);
    latency.add(20);
    expect(latency.slowdown).toBe(2);
  });
});
