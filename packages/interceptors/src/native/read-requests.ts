/** How many messages a reader has asked for and not got. */
export class ReadRequests {
  #count = 0;
  #wake: (() => void) | undefined;

  add(): void {
    this.#count++;
    this.#wake?.();
  }

  /** Asks somebody else for them. */
  forward(source: { startRead(): void }): void {
    for (; this.#count > 0; this.#count--) {
      source.startRead();
    }
  }

  /**
   * Waits until the reader asks for a message.
   *
   * @throws the signal's reason when it is aborted before or meanwhile.
   */
  async next(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#count === 0) {
      await this.#added(signal);
    }
    this.#count--;
  }

  #added(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        reject(signal.reason as Error); // our signals are aborted with errors only
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#wake = () => {
        this.#wake = undefined;
        signal.removeEventListener("abort", stop);
        resolve();
      };
    });
  }
}
