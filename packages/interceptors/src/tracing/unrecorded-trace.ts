import type { TraceContext } from "../trace-context.js";

/**
 * A trace that begins here and is not recorded. Its ids are drawn when somebody first asks for them, which is seldom:
 * when the call makes others, so that they are not recorded either.
 */
export class UnrecordedTrace implements TraceContext {
  readonly sampled = false;
  readonly traceState = undefined;
  readonly #random: () => number;
  #traceId: string | undefined;
  #spanId: string | undefined;

  /**
   * @param random - Answers numbers from 0 to below 1.
   */
  constructor(random: () => number) {
    this.#random = random;
  }

  get traceId(): string {
    return (this.#traceId ??= this.#draw() + this.#draw());
  }

  get spanId(): string {
    return (this.#spanId ??= this.#draw());
  }

  #draw(): string {
    return eightDigits(this.#random()) + eightDigits(this.#random());
  }
}

/** Never all zeros, since the specification knows no such id. */
function eightDigits(random: number): string {
  return (1 + Math.floor(random * (2 ** 32 - 1))).toString(16).padStart(8, "0");
}
