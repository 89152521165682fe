import { GradientLimit } from "./gradient-limit.js";
import type { LoadLimit, LoadLimitOptions } from "./load-limit.js";

/**
 * Makes a limit for the calls in flight that follows the latency: it rises as long as calls take little longer than they
 * usually do, and falls when they take longer because there are many of them. (The gradient is the one of Netflix's
 * concurrency-limits, with a usual latency for each method.)
 *
 * When the limit is reached, a method that has less than its fair share in flight may exceed it: so one slow method cannot
 * shut out the others.
 *
 * @see https://netflixtechblog.medium.com/performance-under-load-3e6fa9a60581
 * @throws TypeError for bounds that contradict each other, or numbers out of range.
 */
export function createLoadLimit(options: LoadLimitOptions = {}): LoadLimit {
  const { minLimit = 20, maxLimit = 1_000, tolerance = 2, smoothing = 0.2, windowMs = 1_000 } = options;
  const { initialLimit = Math.min(Math.max(100, minLimit), maxLimit), now = () => performance.now() } = options;
  const limits = { minLimit, maxLimit, initialLimit };
  for (const [name, value] of Object.entries(limits)) {
    check(Number.isSafeInteger(value) && value > 0, `${name} is ${value}; it takes a whole number above 0`);
  }
  check(
    minLimit <= initialLimit && initialLimit <= maxLimit,
    `the limit cannot begin at ${initialLimit} and stay between ${minLimit} and ${maxLimit}`,
  );
  check(Number.isFinite(tolerance) && tolerance > 1, `tolerance is ${tolerance}; it takes a number above 1`);
  check(smoothing > 0 && smoothing <= 1, `smoothing is ${smoothing}; it takes a number above 0, at most 1`);
  check(Number.isFinite(windowMs) && windowMs > 0, `windowMs is ${windowMs}; it takes a number above 0`);
  return new GradientLimit({ ...limits, tolerance, smoothing, windowMs, now });
}

function check(holds: boolean, sentence: string): void {
  if (!holds) {
    throw new TypeError(sentence);
  }
}
