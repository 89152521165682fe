/** How often a client may do what costs it less than the server: at once, and again in the long run. */
export class ResetBudget {
  readonly #max: number;
  readonly #now: () => number;
  #left: number;
  #countedAtMs: number;

  /**
   * @param max - What may be spent at once. A tenth of it comes back each second.
   * @param now - Milliseconds that never run backwards.
   */
  constructor(max: number, now: () => number = () => performance.now()) {
    this.#max = max;
    this.#now = now;
    this.#left = max;
    this.#countedAtMs = now();
  }

  /** Takes one, and tells whether there was one left. */
  spend(): boolean {
    const nowMs = this.#now();
    const earned = ((nowMs - this.#countedAtMs) / 1_000) * (this.#max / 10);
    this.#countedAtMs = nowMs;
    this.#left = Math.min(this.#max, this.#left + earned) - 1;
    return this.#left >= 0;
  }
}
