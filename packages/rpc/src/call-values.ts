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

interface Entry {
  readonly id: symbol;
  value: unknown;
  readonly next: Entry | undefined;
}

/** Values that belong to one call, by typed key: who is calling, the request's id, a logger. */
export class CallValues {
  // A call has a handful of them: a list is made and searched in less time than a map is made.
  #entries: Entry | undefined;

  get<T>(key: CallKey<T>): T {
    const entry = this.#find(key.id);
    // Only `set` with a key of the same type writes under this symbol.
    return entry === undefined ? key.defaultValue : (entry.value as T);
  }

  set<T>(key: CallKey<T>, value: T): this {
    const entry = this.#find(key.id);
    if (entry === undefined) {
      this.#entries = { id: key.id, value, next: this.#entries };
    } else {
      entry.value = value;
    }
    return this;
  }

  #find(id: symbol): Entry | undefined {
    let entry = this.#entries;
    while (entry !== undefined && entry.id !== id) {
      entry = entry.next;
    }
    return entry;
  }
}
