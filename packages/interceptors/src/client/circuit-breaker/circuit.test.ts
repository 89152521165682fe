import { describe, expect, test } from "@jest/globals";
import { createFakeClock } from "@rollcall/testing";
import { Circuit, type CircuitState } from "./circuit.js";

const trouble = new Error("trouble");

function create() {
  const clock = createFakeClock();
  const states: [CircuitState, unknown][] = [];
  const circuit = new Circuit({
    failureRatio: 0.5,
    minCalls: 4,
    windowMs: 10_000,
    openMs: 1_000,
    maxOpenMs: 3_000,
    now: clock.now,
    random: () => 0.5,
    onStateChange: (state, cause) => states.push([state, cause]),
  });
  const fail = (calls: number) => {
    for (let call = 0; call < calls; call++) {
      circuit.note("unwell", trouble, false);
    }
  };
  return { circuit, clock, states, fail };
}

describe("a circuit", () => {
  test("opens when as many calls have failed as it takes, and no sooner", () => {
    const { circuit, states, fail } = create();
    circuit.note("well", undefined, false);
    circuit.note("well", undefined, false);
    fail(1);
    expect(circuit.isClosed).toBe(true);
    fail(1);
    expect(states).toEqual([["open", trouble]]);
    expect(circuit.cause).toBe(trouble);
    expect(circuit.probe()).toBe(1_000);
  });

  test("stays closed while most calls succeed, or too few are made to tell", () => {
    const { circuit, fail } = create();
    fail(3);
    expect(circuit.isClosed).toBe(true);
    const busy = create();
    for (let call = 0; call < 5; call++) {
      busy.circuit.note("well", undefined, false);
    }
    busy.fail(4);
    expect(busy.circuit.isClosed).toBe(true);
  });

  test("forgets failures that are long past", async () => {
    const { circuit, clock, fail } = create();
    fail(3);
    await clock.advance(11_000);
    fail(1);
    expect(circuit.isClosed).toBe(true);
  });

  test("takes no notice of calls that say nothing of the server", () => {
    const { circuit, fail } = create();
    fail(3);
    circuit.note("unknown", trouble, false);
    expect(circuit.isClosed).toBe(true);
  });

  test("lets one call through after a while, and the rest when that is well", async () => {
    const { circuit, clock, states, fail } = create();
    fail(4);
    await clock.advance(1_000);
    expect([circuit.probe(), circuit.probe()]).toEqual([0, 1_000]);
    circuit.note("well", undefined, true);
    expect(circuit.isClosed).toBe(true);
    expect(states.map(([state]) => state)).toEqual(["open", "halfOpen", "closed"]);
    expect(states.at(-1)).toEqual(["closed", undefined]);
    fail(1);
    expect(circuit.isClosed).toBe(true);
  });

  test("stays open twice as long each time that call fails, up to a limit, and starts anew once it was closed", async () => {
    const { circuit, clock, fail } = create();
    fail(4);
    for (const openMs of [1_000, 2_000, 3_000, 3_000]) {
      expect(circuit.probe()).toBe(openMs);
      await clock.advance(openMs);
      expect(circuit.probe()).toBe(0);
      circuit.note("unwell", trouble, true);
    }
    await clock.advance(3_000);
    circuit.probe();
    circuit.note("well", undefined, true);
    fail(4);
    expect(circuit.probe()).toBe(1_000);
  });

  test("lets another call through when the one says nothing", async () => {
    const { circuit, clock, fail } = create();
    fail(4);
    await clock.advance(1_000);
    circuit.probe();
    circuit.note("unknown", trouble, true);
    expect(circuit.probe()).toBe(0);
  });

  test("lets another call through when the one does not end", async () => {
    const { circuit, clock, fail } = create();
    fail(4);
    await clock.advance(1_000);
    circuit.probe();
    await clock.advance(1_000);
    expect(circuit.probe()).toBe(0);
  });

  test.each(["well", "unwell"] as const)("takes no notice of a call from before that ends %s", (outcome) => {
    const { circuit, states, fail } = create();
    fail(4);
    circuit.note(outcome, trouble, false);
    expect(states).toHaveLength(1);
  });

  test.each([
    [0, 800],
    [1, 1_200],
  ])("is open a fifth more or less by chance", (chance, openMs) => {
    const circuit = new Circuit({
      failureRatio: 1,
      minCalls: 1,
      windowMs: 1,
      openMs: 1_000,
      maxOpenMs: 1_000,
      now: () => 0,
      random: () => chance,
      onStateChange: () => undefined,
    });
    circuit.note("unwell", trouble, false);
    expect(circuit.probe()).toBeCloseTo(openMs);
  });
});
