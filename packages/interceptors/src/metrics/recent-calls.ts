/**
 * Calls that have ended, while their last responses may still be on their way to the socket: gRPC encodes those after the
 * handler and all interceptors have done their part, so only later can be told how many there were and how large. Each call
 * is settled when `capacity` others have ended after it, or when somebody asks for it.
 */
export class RecentCalls<T> implements Iterable<T> {
  readonly #settle: (call: T) => void;
  readonly #capacity: number;
  #calls: T[] = [];
  #oldest = 0;

  constructor(settle: (call: T) => void, capacity = 256) {
    this.#settle = settle;
    this.#capacity = capacity;
  }

  add(call: T): void {
    const oldest = this.#calls[this.#oldest];
    if (this.#calls.length < this.#capacity || oldest === undefined) {
      this.#calls.push(call);
      return;
    }
    this.#calls[this.#oldest] = call;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    this.#settle(oldest);
  }

  settleAll(): void {
    const calls = this.#calls;
    this.#calls = [];
    this.#oldest = 0;
    calls.forEach(this.#settle);
  }

  /** Those that are not settled yet, in no particular order. */
  [Symbol.iterator](): Iterator<T> {
    return this.#calls[Symbol.iterator]();
  }
}
