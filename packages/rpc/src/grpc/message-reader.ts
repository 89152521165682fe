import type { Readable } from "node:stream";

type Result = IteratorResult<unknown, undefined>;

interface Waiter {
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

const done: Result = { done: true, value: undefined };

/**
 * Takes messages out of a grpc-js stream one by one, so that the sender waits for the reader.
 *
 * Unlike the iterator of Node's streams it leaves the end to its owner: grpc-js tells a call's status by other events than
 * those of the stream, and messages that arrived before it must still be read.
 */
export class MessageReader implements AsyncIterableIterator<unknown> {
  readonly #stream: Readable;
  readonly #stop: () => void;
  readonly #open: (chunk: unknown) => unknown;
  readonly #waiters: Waiter[] = [];
  #end: { readonly error?: unknown } | undefined;

  /**
   * @param stop - Called when the reader wants no more messages.
   * @param open - Makes a message of what is read. By default it is one.
   */
  constructor(stream: Readable, stop: () => void, open: (chunk: unknown) => unknown = (chunk) => chunk) {
    this.#stream = stream;
    this.#stop = stop;
    this.#open = open;
    stream.on("readable", () => {
      this.#serve();
    });
  }

  /** No more messages will arrive. Those that have are still read, then the iteration ends. */
  end(): void {
    this.#end ??= {};
    this.#serve();
  }

  /** No more messages will arrive, because of `error`. Those that have are still read, then the iteration fails. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#serve();
  }

  next(): Promise<Result> {
    const message: unknown = this.#waiters.length === 0 ? this.#stream.read() : null;
    if (message !== null) {
      return Promise.resolve({ done: false, value: this.#open(message) });
    }
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#serve();
    });
  }

  return(): Promise<Result> {
    this.#end = {};
    this.#stop();
    this.#serve();
    return Promise.resolve(done);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #serve(): void {
    for (let waiter = this.#waiters[0]; waiter !== undefined; waiter = this.#waiters[0]) {
      const message: unknown = this.#stream.read();
      if (message === null && this.#end === undefined) {
        return;
      }
      this.#waiters.shift();
      if (message !== null) {
        waiter.resolve({ done: false, value: this.#open(message) });
      } else if (this.#end !== undefined && "error" in this.#end) {
        waiter.reject(this.#end.error);
      } else {
        waiter.resolve(done);
      }
    }
  }
}
