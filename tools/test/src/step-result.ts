/** What came of one step: a gate, or the run of all tests. */
export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** The names of the tests that did not run. */
  readonly skipped: readonly string[];
  readonly durationMs: number;
  /** What the step printed, where it has not been shown already. */
  readonly output: string;
  /** What to do when it failed. */
  readonly fix: string;
}
