import { markdownTable, showFigure } from "../markdown-table.js";
import { median, ratioOf } from "../statistics.js";
import type { BulkResult } from "./bulk-workload.js";

/** All results of one server. */
export interface MeasuredBulk {
  readonly name: string;
  readonly rounds: readonly BulkResult[];
}

interface Column {
  readonly title: string;
  readonly value: (result: BulkResult) => number;
}

const columns: readonly Column[] = [
  { title: "users created/s", value: ({ createdPerSecond }) => createdPerSecond },
  { title: "users listed/s", value: ({ listedPerSecond }) => listedPerSecond },
  { title: "CPU us/user listed", value: ({ listCpuUs }) => listCpuUs },
  { title: "peak memory, MiB", value: ({ peakMebibytes }) => peakMebibytes },
];

/**
 * The results as a Markdown table: for each server the median of its rounds, and beside it the median, minimum and maximum
 * of the ratios to the last server, round by round.
 */
export function bulkReport(measured: readonly MeasuredBulk[]): string {
  const baseline = measured.at(-1);
  return markdownTable(
    ["server", ...columns.map(({ title }) => title)],
    measured.map((one) => [one.name, ...columns.map((column) => cell(one, baseline, column))]),
  );
}

function cell(one: MeasuredBulk, baseline: MeasuredBulk | undefined, { value }: Column): string {
  const own = showFigure(median(one.rounds.map(value)));
  if (baseline === undefined || baseline === one) {
    return own;
  }
  const ratio = ratioOf(one.rounds.map(value), baseline.rounds.map(value));
  return `${own} (${ratio.median.toFixed(2)} x; ${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`;
}
