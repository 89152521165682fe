/** How a series of measurements lies. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle of the values, or the mean of the two in the middle. NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The median of the values, with the least and the greatest of them. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How the ratios lie of what was measured in the same round: what the machine did meanwhile it did to both. Rounds that only
 * one of them has do not count.
 */
export function ratioOf(values: readonly number[], others: readonly number[]): Spread {
  const rounds = Math.min(values.length, others.length);
  return spreadOf(values.slice(0, rounds).map((value, round) => value / (others[round] ?? NaN)));
}
