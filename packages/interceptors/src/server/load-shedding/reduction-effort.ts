const enough = 0.7; // so much smaller a number of calls ought to have been felt
const felt = 0.9;

/**
 * Watches whether calls get faster when there are fewer of them. Where they do not, it is not their number that makes them
 * slow, and refusing calls helps nobody.
 */
export class ReductionEffort {
  readonly #tolerance: number;
  #inFlightBefore: number | undefined;
  #slowdownBefore = 0;

  /**
   * @param tolerance - Up to which slowdown calls do not count as slow.
   */
  constructor(tolerance: number) {
    this.#tolerance = tolerance;
  }

  /** Adds what was seen in one window. Answers whether there are many calls fewer than before, which take as long. */
  isFruitless(inFlight: number, slowdown: number): boolean {
    if (slowdown <= this.#tolerance) {
      this.#inFlightBefore = undefined;
      return false;
    }
    if (this.#inFlightBefore === undefined) {
      this.#inFlightBefore = inFlight;
      this.#slowdownBefore = slowdown;
      return false;
    }
    if (inFlight > enough * this.#inFlightBefore) {
      this.#slowdownBefore = Math.max(this.#slowdownBefore, slowdown);
      return false;
    }
    this.#inFlightBefore = undefined;
    return slowdown > felt * this.#slowdownBefore;
  }
}
