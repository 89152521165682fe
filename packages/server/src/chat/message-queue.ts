/**
 * Messages on their way to one reader, who takes them in order.
 *
 * The queue is bounded: a reader that falls too far behind is cut off instead of holding up the others or filling the
 * memory.
 */
export class MessageQueue<T> {
  readonly #limit: number;
  readonly #messages: T[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error?: unknown } | undefined;

  /**
   * @param limit - Messages that may wait.
   */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Adds a message, unless the queue is full. A queue that has ended takes no more and is never full. */
  push(message: T): boolean {
    if (this.#end !== undefined) {
      return true;
    }
    if (this.#messages.length >= this.#limit) {
      return false;
    }
    this.#messages.push(message);
    this.#wake?.();
    return true;
  }

  /** Ends the queue after what is in it. */
  end(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** Ends the queue after what is in it, with an error. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) {
        yield message;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if ("error" in this.#end) {
        throw this.#end.error;
      } else {
        return;
      }
    }
  }
}
