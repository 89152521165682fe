import { markdownTable } from "./markdown-table.js";
import type { Spread } from "./statistics.js";

/** What a measurement has to reach. */
export type Bound =
  { readonly kind: "atMost"; readonly value: number } | { readonly kind: "atLeast"; readonly value: number };

/** A goal, and what was measured. */
export interface Goal {
  /** The row of the table of goals. */
  readonly row: string;
  /** What was compared with what. */
  readonly comparison: string;
  readonly measured: Spread;
  /** Undefined where a figure is told for comparison alone. */
  readonly bound: Bound | undefined;
}

/** Whether the median is within the bound. */
export function isReached({ measured, bound }: Goal): boolean {
  switch (bound?.kind) {
    case undefined:
      return true;
    case "atMost":
      return measured.median <= bound.value;
    case "atLeast":
      return measured.median >= bound.value;
  }
}

/** The goals as a Markdown table, each with what was measured beside it. */
export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => [
    goal.row,
    goal.comparison,
    goal.measured.median.toFixed(2),
    `${goal.measured.min.toFixed(2)} to ${goal.measured.max.toFixed(2)}`,
    ...judgement(goal),
  ]);
  return markdownTable(["row", "ratio", "median", "min to max", "goal", ""], rows);
}

function judgement(goal: Goal): [bound: string, verdict: string] {
  if (goal.bound === undefined) {
    return ["", ""];
  }
  const sign = goal.bound.kind === "atMost" ? "<=" : ">=";
  return [`${sign} ${goal.bound.value.toFixed(2)}`, isReached(goal) ? "reached" : "MISSED"];
}
