const noiseMs = 1; // what is faster than this is fast, however its latency varies
const fallingShare = 0.3;

/** How long the calls of one method take, compared with how long they usually do. */
export class MethodLatency {
  #sumMs = 0;
  #count = 0;
  #usualMs: number | undefined;

  /** How many calls have ended since the last {@link learn}. */
  get count(): number {
    return this.#count;
  }

  /** How many times as long as usual they took: 1 is as ever. */
  get slowdown(): number {
    const meanMs = this.#meanMs();
    return meanMs / (this.#usualMs ?? meanMs);
  }

  /** Adds a call that has ended. A clock that was set back meanwhile counts as none that went on. */
  add(ms: number): void {
    this.#sumMs += Math.max(0, ms);
    this.#count++;
  }

  /**
   * Lets these calls have a part in what is usual, and starts anew.
   *
   * @param risingShare - How large a part they have where they took longer than usual: 0 for none, 1 for all. It is none
   *   where they took long because there were many of them.
   */
  learn(risingShare: number): void {
    if (this.#count === 0) {
      return;
    }
    const meanMs = this.#meanMs();
    const usualMs = this.#usualMs ?? meanMs;
    const share = meanMs < usualMs ? fallingShare : risingShare;
    this.#usualMs = usualMs + share * (meanMs - usualMs);
    this.#sumMs = 0;
    this.#count = 0;
  }

  #meanMs(): number {
    return Math.max(noiseMs, this.#sumMs / this.#count);
  }
}
