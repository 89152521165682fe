import { describe, expect, test } from "@jest/globals";
import type { StepResult } from "./step-result.js";
import { formatStep, formatSummary, hasFailed } from "./summary.js";

const step: StepResult = {
  name: "lint",
  passed: 1,
  failed: 0,
  skipped: [],
  durationMs: 1_250,
  output: "all is well",
  fix: "run: npm run lint",
};
const failing: StepResult = { ...step, name: "types", passed: 0, failed: 2, output: "line 1\nline 2" };
const skipping: StepResult = { ...step, name: "tests", passed: 40, skipped: ["nats.test.ts: delivers"] };

describe("formatStep", () => {
  test("is one line with the seconds for a step that passed", () => {
    expect(formatStep(step)).toBe("ok   lint (1.3 s)");
  });

  test("shows what a failed step printed, and how to mend it", () => {
    expect(formatStep(failing)).toBe("FAIL types (1.3 s)\n     line 1\n     line 2\n     -> run: npm run lint");
  });
});

describe("formatSummary", () => {
  test("ends with the counts of everything that ran", () => {
    expect(formatSummary([step, skipping]).split("\n")).toEqual([
      "skipped: nats.test.ts: delivers",
      "41 passed, 0 failed, 1 skipped",
    ]);
  });

  test("names each step that failed", () => {
    expect(formatSummary([step, failing]).split("\n")).toEqual([
      "failed: types -> run: npm run lint",
      "1 passed, 2 failed, 0 skipped",
    ]);
  });
});

describe("hasFailed", () => {
  test.each([
    ["passed", "everything passed", [step], {}, false],
    ["failed", "something failed", [step, failing], {}, true],
    ["passed", "a test was skipped", [step, skipping], {}, false],
    ["failed", "a test was skipped where nothing may be", [step, skipping], { CI: "true" }, true],
    ["passed", "everything passed where nothing may be skipped", [step], { CI: "true" }, false],
  ])("tells that a run %s in which %s", (_verdict, _case, steps, env, failed) => {
    expect(hasFailed(steps, env)).toBe(failed);
  });
});
