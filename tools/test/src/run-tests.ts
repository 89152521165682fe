import { existsSync, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";
import { countTests } from "./jest-report.js";
import type { JestReport, TestCounts } from "./jest-report.js";
import type { StepResult } from "./step-result.js";

/** Which tests run, and who watches. */
export interface TestRunOptions {
  /** Jest's configuration file. Defaults to that of the whole repository. */
  readonly config?: string;
  /** How long Jest may take to exit after its last test, in milliseconds. Defaults to 10 seconds. */
  readonly exitGraceMs?: number;
  /** Receives Jest's output as it comes. */
  readonly onOutput: (text: string) => void;
}

/**
 * Runs the tests with Jest, afresh, and counts them. A run that breaks off counts as a failure, and so does one that does
 * not exit after its last test because something was left open.
 */
export async function runTests({ config, exitGraceMs = 10_000, onOutput }: TestRunOptions): Promise<StepResult> {
  const startMs = Date.now();
  await using folder = await createTemporaryFolder();
  const reportPath = join(folder.path, "report.json");
  const stop = new AbortController();
  const args = jestArguments(reportPath, config);
  const ended = runCommand(process.execPath, args, { onOutput, signal: stop.signal });
  const watcher = watch(folder.path, () => {
    watcher.close();
    setTimeout(() => {
      stop.abort();
    }, exitGraceMs).unref();
  });
  const { exitCode } = await ended;
  watcher.close();
  const counts = await readCounts(reportPath, exitCode);
  return {
    name: "tests",
    ...counts,
    durationMs: Date.now() - startMs,
    output: "",
    fix: "mend what Jest says above; what is left open keeps it from exiting",
  };
}

function jestArguments(reportPath: string, config = join(repositoryRoot, "jest.config.mjs")): readonly string[] {
  const jest = join(repositoryRoot, "node_modules", "jest", "bin", "jest.js");
  return ["--experimental-vm-modules", jest, "--config", config, "--ci", "--json", "--outputFile", reportPath];
}

async function readCounts(reportPath: string, exitCode: number): Promise<TestCounts> {
  if (!existsSync(reportPath)) {
    return { passed: 0, failed: 1, skipped: [] };
  }
  // Written by Jest, whose report has had this form since its version 20.
  const counts = countTests(JSON.parse(await readFile(reportPath, "utf8")) as JestReport);
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
