import { StoreError } from "../store-error.js";

/** Lets one through at a time, in the order of arrival. */
export class Turnstile {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /**
   * Waits for the turn, which lasts until {@link leave}.
   *
   * @throws {@link StoreError} `unavailable` when it does not come within `timeoutMs`
   */
  async enter(timeoutMs: number): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admit = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        reject(new StoreError("unavailable", `the database was not free to write within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.push(admit);
    });
  }

  /** Gives the turn to whoever has waited longest. */
  leave(): void {
    const admitNext = this.#waiting.shift();
    if (admitNext === undefined) {
      this.#isTaken = false;
    } else {
      admitNext();
    }
  }
}
