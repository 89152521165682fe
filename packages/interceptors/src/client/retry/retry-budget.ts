/** How much failure stops all repeats, as in gRPC's service configuration. */
export interface RetryThrottling {
  /** How many tokens there are at most, and at first. A failure takes one; there are repeats while more than half are left. */
  readonly maxTokens: number;
  /** How many tokens a success gives back. */
  readonly tokenRatio: number;
}

/**
 * Keeps a client from answering a server's trouble with more calls: once failures outweigh successes, nothing is repeated
 * until enough calls succeed again.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs
 */
export class RetryBudget {
  readonly #maxTokens: number;
  readonly #tokenRatio: number;
  #tokens: number;

  /**
   * @throws TypeError for numbers that are not above 0.
   */
  constructor({ maxTokens, tokenRatio }: RetryThrottling) {
    if (!(maxTokens > 0 && tokenRatio > 0)) {
      throw new TypeError(`throttling takes numbers above 0; maxTokens is ${maxTokens}, tokenRatio is ${tokenRatio}`);
    }
    this.#maxTokens = maxTokens;
    this.#tokenRatio = tokenRatio;
    this.#tokens = maxTokens;
  }

  /** Notes a call that succeeded. */
  succeed(): void {
    this.#tokens = Math.min(this.#tokens + this.#tokenRatio, this.#maxTokens);
  }

  /** Notes a failure, and answers whether the call may be repeated. */
  fail(): boolean {
    this.#tokens = Math.max(this.#tokens - 1, 0);
    return this.#tokens > this.#maxTokens / 2;
  }
}
