import type { BulkResult } from "./bulk-workload.js";

/** All results of one server. */
export interface Measured {
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
export function report(measured: readonly Measured[]): string {
  const baseline = measured.at(-1);
  const header = ["server", ...columns.map(({ title }) => title)];
  const rows = measured.map((one) => [one.name, ...columns.map((column) => cell(one, baseline, column))]);
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function cell(one: Measured, baseline: Measured | undefined, { value }: Column): string {
  const own = show(median(one.rounds.map(value)));
  if (baseline === undefined || baseline === one) {
    return own;
  }
  const ratios = one.rounds.flatMap((result, round) => {
    const other = baseline.rounds[round];
    return other === undefined ? [] : [value(result) / value(other)];
  });
  const [low, middle, high] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((ratio) =>
    ratio.toFixed(2),
  );
  return `${own} (${middle ?? ""} x; ${low ?? ""} to ${high ?? ""})`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

function show(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}
