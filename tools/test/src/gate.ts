import { runCommand } from "@rollcall/tool-command";
import type { StepResult } from "./step-result.js";

/** A program that says by its exit code whether the repository is in order. */
export interface Gate {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** What to do when it fails. */
  readonly fix: string;
}

/** Runs a gate. It counts as one test; one that cannot even start has failed. */
export async function runGate({ name, command: [program, ...args], fix }: Gate): Promise<StepResult> {
  const startMs = Date.now();
  const { exitCode, output } = await runCommand(program, args).catch((error: unknown) => ({
    exitCode: 1,
    output: String(error),
  }));
  const passed = exitCode === 0 ? 1 : 0;
  return { name, passed, failed: 1 - passed, skipped: [], durationMs: Date.now() - startMs, output, fix };
}
