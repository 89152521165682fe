import { runGate } from "./gate.js";
import { gates } from "./gates.js";
import { runAll } from "./run-all.js";
import { runTests } from "./run-tests.js";
import type { StepResult } from "./step-result.js";
import { formatStep, formatSummary, hasFailed } from "./summary.js";

/** Runs every gate and every test, whatever fails on the way, and exits with 1 when anything did. */
async function main(): Promise<number> {
  console.log(`checking ${gates.map(({ name }) => name).join(", ")}, then testing`);
  const results = await runAll(gates, 2, async (gate) => show(await runGate(gate)));
  const tests = show(await runTests({ onOutput: (text) => process.stdout.write(text) }));
  const steps = [...results, tests];
  console.log(formatSummary(steps));
  return hasFailed(steps, process.env) ? 1 : 0;
}

function show(step: StepResult): StepResult {
  console.log(formatStep(step));
  return step;
}

process.exitCode = await main();
