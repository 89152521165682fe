import type { TraceContext } from "../trace-context.js";

/** A call that a bucket counted, and the trace that tells its story. */
export interface LatencyExemplar {
  readonly trace: TraceContext;
  readonly durationS: number;
  /** When the call ended, in milliseconds since the epoch. */
  readonly timeMs: number;
}

/** Counts durations by the bucket that they fall into, which costs a few nanoseconds each. */
export class LatencyHistogram {
  sumS = 0;
  readonly #boundsS: readonly number[];
  /** One for each bound, and one more for durations beyond the last. */
  readonly #counts: Float64Array;
  #exemplars: (LatencyExemplar | undefined)[] | undefined;

  /**
   * @param boundsS - The largest duration of each bucket, ascending, in seconds.
   */
  constructor(boundsS: readonly number[]) {
    this.#boundsS = boundsS;
    this.#counts = new Float64Array(boundsS.length + 1);
  }

  observe(durationS: number): void {
    const bucket = this.#bucketOf(durationS);
    this.#counts[bucket] = this.countOf(bucket) + 1;
    this.sumS += durationS;
  }

  /** Keeps the call as the example for its bucket, in place of an earlier one. */
  keepExemplar(exemplar: LatencyExemplar): void {
    this.#exemplars ??= [];
    this.#exemplars[this.#bucketOf(exemplar.durationS)] = exemplar;
  }

  /** How many durations fell into the bucket itself, not into those below. */
  countOf(bucket: number): number {
    return this.#counts[bucket] ?? 0;
  }

  exemplarOf(bucket: number): LatencyExemplar | undefined {
    return this.#exemplars?.[bucket];
  }

  #bucketOf(durationS: number): number {
    let low = 0;
    let high = this.#boundsS.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (durationS <= (this.#boundsS[middle] ?? Infinity)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
