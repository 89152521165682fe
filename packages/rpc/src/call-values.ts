/** Names a value of type `T` that interceptors and handlers hand to each other within a call. */
export interface CallKey<T> {
  readonly id: symbol;
  /** What a call that was not given the value answers. */
  readonly defaultValue: T;
}

/** A key of its own, unequal to all others. The name shows up in debuggers only. */
export function createCallKey<T>(name: string, defaultValue: T): CallKey<T> {
  return { id: Symbol(name), defaultValue };
}

/** Values that belong to one call, by typed key: who is calling, the request's id, a logger. */
export class CallValues {
  readonly #values = new Map<symbol, unknown>();

  get<T>(key: CallKey<T>): T {
    // Only `set` with a key of the same type writes under this symbol.
    return this.#values.has(key.id) ? (this.#values.get(key.id) as T) : key.defaultValue;
  }

  set<T>(key: CallKey<T>, value: T): this {
    this.#values.set(key.id, value);
    return this;
  }
}
