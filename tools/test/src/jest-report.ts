import { relative } from "node:path";
import { repositoryRoot } from "@rollcall/tool-command";

/** The part of Jest's `--json` report that is counted. */
export interface JestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not be run at all; their tests are in no other number. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly JestFile[];
}

interface JestFile {
  /** The absolute path of the test file. */
  readonly name: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
}

/** What Jest's report comes to. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** The tests that were skipped or are still to be written, each with its file. */
  readonly skipped: readonly string[];
}

/** Counts a report. A file that cannot be run counts as one failure, and so does a run that failed for another reason. */
export function countTests(report: JestReport): TestCounts {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const nothingRan = report.numPassedTests === 0;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && (nothingRan || !report.success) ? 1 : failed,
    skipped: report.testResults.flatMap(skippedTests),
  };
}

function skippedTests({ name, assertionResults }: JestFile): readonly string[] {
  return assertionResults
    .filter(({ status }) => status !== "passed" && status !== "failed")
    .map(({ fullName }) => `${relative(repositoryRoot, name)}: ${fullName}`);
}
