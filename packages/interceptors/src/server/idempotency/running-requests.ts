import type { Call } from "@rollcall/rpc";

/** How long a request waits for an equal one. */
export interface WaitOptions {
  /** In milliseconds. */
  readonly maxWaitMs: number;
  /** Waits until it is time, or until the signal is aborted, and rejects then. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The requests that this process is at, so that one that comes again can wait for the first. */
export class RunningRequests {
  readonly #running = new Map<string, Promise<void>>();
  readonly #options: WaitOptions;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  /**
   * Does the work. Where a request runs under the same id, waits for its end first, however it ends, but not for ever.
   *
   * @throws the reason of the call's signal when it is aborted meanwhile.
   */
  async run(id: string, call: Pick<Call, "signal">, work: () => Promise<void>): Promise<void> {
    const first = this.#running.get(id);
    if (first !== undefined) {
      await this.#waitFor(first, call.signal);
    }
    const own = work();
    if (!this.#running.has(id)) {
      this.#running.set(id, own);
    }
    try {
      await own;
    } finally {
      if (this.#running.get(id) === own) {
        this.#running.delete(id);
      }
    }
  }

  async #waitFor(first: Promise<void>, signal: AbortSignal): Promise<void> {
    const { maxWaitMs, sleep } = this.#options;
    const over = new AbortController();
    const ended = first.catch(() => undefined); // its own caller is told
    try {
      await Promise.race([ended, sleep(maxWaitMs, AbortSignal.any([signal, over.signal]))]);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      over.abort();
    }
  }
}
