import { FailureWindow } from "./failure-window.js";

/** Whether calls are made (`closed`), none is (`open`), or one is to see whether the server is well again (`halfOpen`). */
export type CircuitState = "closed" | "open" | "halfOpen";

/** How a call ended, as far as it tells how the server is. */
export type Outcome = "well" | "unwell" | "unknown";

/** What opens a circuit, and for how long. */
export interface CircuitSettings {
  readonly failureRatio: number;
  readonly minCalls: number;
  readonly windowMs: number;
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly onStateChange: (state: CircuitState, cause: unknown) => void;
}

/** The state of the calls to one service or method. Knows nothing of calls themselves. */
export class Circuit {
  readonly #settings: CircuitSettings;
  readonly #window: FailureWindow;
  #state: CircuitState = "closed";
  #openMs: number;
  #nextProbeAtMs = 0;
  #cause: unknown;

  constructor(settings: CircuitSettings) {
    this.#settings = settings;
    this.#window = new FailureWindow(settings.windowMs);
    this.#openMs = settings.openMs;
  }

  /** The failure that opened it last. */
  get cause(): unknown {
    return this.#cause;
  }

  get isClosed(): boolean {
    return this.#state === "closed";
  }

  /**
   * How long no call is made, in milliseconds. With 0 the next call is made, to see how the server is; it is the only one
   * until it ends, or until it has not for as long as the circuit was open.
   */
  probe(): number {
    const nowMs = this.#settings.now();
    if (nowMs < this.#nextProbeAtMs) {
      return this.#nextProbeAtMs - nowMs;
    }
    this.#nextProbeAtMs = nowMs + this.#openMs;
    this.#become("halfOpen");
    return 0;
  }

  /** Takes note of a call that ended. While the circuit is not closed only that of a probe counts. */
  note(outcome: Outcome, cause: unknown, isProbe: boolean): void {
    if (this.isClosed) {
      this.#noteCall(outcome, cause);
    } else if (isProbe) {
      this.#noteProbe(outcome, cause);
    }
  }

  #noteCall(outcome: Outcome, cause: unknown): void {
    if (outcome === "unknown") {
      return;
    }
    const { minCalls, failureRatio, now, openMs } = this.#settings;
    this.#window.add(outcome === "unwell", now());
    if (outcome === "unwell" && this.#window.calls >= minCalls && this.#window.failureRatio >= failureRatio) {
      this.#open(openMs, cause);
    }
  }

  #noteProbe(outcome: Outcome, cause: unknown): void {
    switch (outcome) {
      case "well":
        this.#window.clear();
        this.#nextProbeAtMs = 0;
        this.#cause = undefined;
        this.#become("closed");
        return;
      case "unwell":
        this.#open(Math.min(this.#openMs * 2, this.#settings.maxOpenMs), cause);
        return;
      case "unknown":
        this.#nextProbeAtMs = this.#settings.now();
    }
  }

  #open(openMs: number, cause: unknown): void {
    const { now, random } = this.#settings;
    this.#openMs = openMs;
    this.#nextProbeAtMs = now() + openMs * (0.8 + 0.4 * random()); // for clients not to come back all at once
    this.#cause = cause;
    this.#become("open");
  }

  #become(state: CircuitState): void {
    if (state !== this.#state) {
      this.#state = state;
      this.#settings.onStateChange(state, this.#cause);
    }
  }
}
