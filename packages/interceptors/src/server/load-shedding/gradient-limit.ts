import type { Method } from "@rollcall/rpc";
import type { LoadLimit, LoadLimitOptions, MethodLoad } from "./load-limit.js";
import { MethodLatency } from "./method-latency.js";
import { ReductionEffort } from "./reduction-effort.js";

type Settings = { readonly [Name in keyof LoadLimitOptions]-?: NonNullable<LoadLimitOptions[Name]> };

interface Calls {
  inFlight: number;
}

const minSamples = 10;
const steepestGradient = 0.5;
const usualRisingShare = 0.1;

/** A limit that follows the gradient of the latency. Its settings are checked by whoever makes it. */
export class GradientLimit implements LoadLimit {
  readonly #settings: Settings;
  readonly #latencies: MethodLatency[] = [];
  readonly #streams: Calls[] = [];
  readonly #effort: ReductionEffort;
  #limit: number;
  #inFlight = 0;
  #methodsInFlight = 0;
  #peak = 0;
  #window = 0;
  #windowBeganMs: number;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#effort = new ReductionEffort(settings.tolerance);
    this.#limit = settings.initialLimit;
    this.#windowBeganMs = settings.now();
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  loadOf({ kind }: Method): MethodLoad {
    return kind === "unary" ? this.#unaryLoad() : this.#streamLoad();
  }

  #unaryLoad(): MethodLoad {
    const calls = { inFlight: 0 };
    const latency = new MethodLatency();
    this.#latencies.push(latency);
    return {
      begin: () => {
        const nowMs = this.#tick();
        return this.#enter(calls) ? nowMs : undefined;
      },
      end: (begunMs, telling) => {
        this.#leave(calls);
        if (telling) {
          latency.add(this.#settings.now() - begunMs);
        }
      },
    };
  }

  /** How long a stream lasts says nothing of the load, so it counts in the window in which it begins and no longer. */
  #streamLoad(): MethodLoad {
    const calls = { inFlight: 0 };
    this.#streams.push(calls);
    return {
      begin: () => {
        this.#tick();
        return this.#enter(calls) ? this.#window : undefined;
      },
      end: (window) => {
        if (window === this.#window) {
          this.#leave(calls);
        }
      },
    };
  }

  #enter(calls: Calls): boolean {
    if (this.#inFlight >= this.limit && calls.inFlight >= this.#fairShare(calls)) {
      return false;
    }
    if (calls.inFlight === 0) {
      this.#methodsInFlight++;
    }
    calls.inFlight++;
    this.#inFlight++;
    this.#peak = Math.max(this.#peak, this.#inFlight);
    return true;
  }

  #leave(calls: Calls): void {
    calls.inFlight--;
    this.#inFlight--;
    if (calls.inFlight === 0) {
      this.#methodsInFlight--;
    }
  }

  /** What each method may have in flight when all want more. */
  #fairShare({ inFlight }: Calls): number {
    return this.#limit / (this.#methodsInFlight + (inFlight === 0 ? 1 : 0));
  }

  /** Looks at the clock, and adjusts the limit when it is time. */
  #tick(): number {
    const { now, windowMs } = this.#settings;
    const nowMs = now();
    if (Math.abs(nowMs - this.#windowBeganMs) >= windowMs) {
      this.#windowBeganMs = nowMs;
      this.#window++;
      this.#forgetStreams();
      this.#adjust();
    }
    return nowMs;
  }

  #forgetStreams(): void {
    for (const calls of this.#streams) {
      while (calls.inFlight > 0) {
        this.#leave(calls);
      }
    }
  }

  #adjust(): void {
    const samples = this.#latencies.reduce((sum, { count }) => sum + count, 0);
    if (samples < minSamples) {
      return;
    }
    const { minLimit, tolerance } = this.#settings;
    const isBusy = this.#peak >= this.#limit / 2;
    const isLowest = this.#limit <= minLimit;
    if (isBusy) {
      // One method alone, however slow, does not lower the limit far.
      this.#follow(Math.max(steepestGradient, tolerance / this.#slowdown(samples, 2 * tolerance)));
    }
    const risingShare = this.#effort.isFruitless(this.#peak, this.#slowdown(samples)) ? 1 : usualRisingShare;
    for (const latency of this.#latencies) {
      latency.learn(isBusy && !isLowest && risingShare < 1 ? 0 : risingShare);
    }
    this.#peak = this.#inFlight;
  }

  #follow(gradient: number): void {
    const { minLimit, maxLimit, smoothing } = this.#settings;
    const suggested = this.#limit * Math.min(1, gradient) + Math.sqrt(this.#limit);
    const next = this.#limit + smoothing * (suggested - this.#limit);
    this.#limit = Math.min(maxLimit, Math.max(minLimit, next));
  }

  /** How many times as long as usual an average call took. */
  #slowdown(samples: number, most = Infinity): number {
    const weighted = this.#latencies.map(({ count, slowdown }) => (count === 0 ? 0 : count * Math.min(most, slowdown)));
    return weighted.reduce((sum, value) => sum + value, 0) / samples;
  }
}
