/** How long to wait before a call is repeated of which the server does not say it. */
export interface BackoffOptions {
  /** The wait before the first repeat. Defaults to 100 ms. */
  readonly initialBackoffMs?: number | undefined;
  /** The longest wait. Defaults to 1,000 ms. */
  readonly maxBackoffMs?: number | undefined;
  /** How many times longer each wait is than the one before. Defaults to 2. */
  readonly backoffMultiplier?: number | undefined;
  /** A number from 0 to 1, for clients that failed together not to come back together. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Answers how long to wait before the nth repeat, counted from 0: longer each time, and a fifth more or less by chance.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#exponential-backoff
 * @throws TypeError for a time or a multiplier out of range.
 */
export function createBackoff(options: BackoffOptions): (repeat: number) => number {
  const { initialBackoffMs = 100, maxBackoffMs = 1_000, backoffMultiplier = 2, random = Math.random } = options;
  if (!(initialBackoffMs > 0 && maxBackoffMs >= initialBackoffMs && Number.isFinite(maxBackoffMs))) {
    throw new TypeError(
      `initialBackoffMs is ${initialBackoffMs} and maxBackoffMs ${maxBackoffMs}; both are above 0, and the first is not the larger`,
    );
  }
  if (!(backoffMultiplier >= 1)) {
    throw new TypeError(`backoffMultiplier is ${backoffMultiplier}; it takes a number of at least 1`);
  }
  return (repeat) => Math.min(initialBackoffMs * backoffMultiplier ** repeat, maxBackoffMs) * (0.8 + 0.4 * random());
}
