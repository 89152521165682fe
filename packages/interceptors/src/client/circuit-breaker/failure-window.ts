const slicesPerWindow = 10;

interface Slice {
  readonly number: number;
  calls: number;
  failures: number;
}

/** Counts the calls of the last while and how many of them failed. What is older than that is forgotten by tenths of it. */
export class FailureWindow {
  readonly #sliceMs: number;
  readonly #slices: Slice[] = []; // the oldest first
  #calls = 0;
  #failures = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / slicesPerWindow;
  }

  /** How many calls ended within the window, up to the last that was added. */
  get calls(): number {
    return this.#calls;
  }

  /** Which part of them failed, from 0 to 1. */
  get failureRatio(): number {
    return this.#calls === 0 ? 0 : this.#failures / this.#calls;
  }

  /** Adds a call that ended now. */
  add(failed: boolean, nowMs: number): void {
    const slice = this.#sliceAt(nowMs);
    slice.calls++;
    this.#calls++;
    if (failed) {
      slice.failures++;
      this.#failures++;
    }
  }

  /** Forgets all calls. */
  clear(): void {
    this.#slices.length = 0;
    this.#calls = 0;
    this.#failures = 0;
  }

  #sliceAt(nowMs: number): Slice {
    const number = Math.floor(nowMs / this.#sliceMs);
    const latest = this.#slices.at(-1);
    if (latest !== undefined && latest.number >= number) {
      return latest; // also where the clock was set back
    }
    const slice: Slice = { number, calls: 0, failures: 0 };
    this.#slices.push(slice);
    this.#forgetUpTo(number - slicesPerWindow);
    return slice;
  }

  #forgetUpTo(number: number): void {
    for (let oldest = this.#slices[0]; oldest !== undefined && oldest.number <= number; oldest = this.#slices[0]) {
      this.#slices.shift();
      this.#calls -= oldest.calls;
      this.#failures -= oldest.failures;
    }
  }
}
