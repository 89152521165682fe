import type { StepResult } from "./step-result.js";

/** One line about a step, and when it failed what it printed and what to do. */
export function formatStep({ name, failed, durationMs, output, fix }: StepResult): string {
  const line = `${failed === 0 ? "ok  " : "FAIL"} ${name} (${(durationMs / 1_000).toFixed(1)} s)`;
  if (failed === 0) {
    return line;
  }
  return [line, ...output.split("\n").map((text) => `     ${text}`.trimEnd()), `     -> ${fix}`].join("\n");
}

/** The last lines of a run: what was skipped, what failed, and the counts. */
export function formatSummary(steps: readonly StepResult[]): string {
  const skipped = steps.flatMap((step) => step.skipped);
  const failed = steps.filter((step) => step.failed > 0);
  return [
    ...skipped.map((name) => `skipped: ${name}`),
    ...failed.map(({ name, fix }) => `failed: ${name} -> ${fix}`),
    `${sum(steps, "passed")} passed, ${sum(steps, "failed")} failed, ${skipped.length} skipped`,
  ].join("\n");
}

/**
 * Tells whether the run failed. Where everything that the tests need is installed (`CI=true`), a test that was skipped
 * is a failure as well.
 */
export function hasFailed(steps: readonly StepResult[], env: Readonly<NodeJS.ProcessEnv>): boolean {
  return steps.some((step) => step.failed > 0 || (env["CI"] === "true" && step.skipped.length > 0));
}

function sum(steps: readonly StepResult[], count: "passed" | "failed"): number {
  return steps.reduce((total, step) => total + step[count], 0);
}
