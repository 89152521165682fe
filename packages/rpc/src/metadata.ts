import { checkEntry, isReserved, type MetadataValue } from "./metadata-rules.js";

export type { MetadataValue } from "./metadata-rules.js";

/** What {@link Metadata.from} accepts: metadata, or an object with a value or several under each key. */
export type MetadataInit = Metadata | Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

/** Where metadata that was received is looked up, one key at a time: most of it is never asked for. */
export interface ReceivedMetadata {
  /** The keys that gRPC sent, those of its own among them. */
  keys(): Iterable<string>;
  /** The values under a lower-case key, in the order they were sent. */
  values(key: string): readonly MetadataValue[];
}

const none: readonly MetadataValue[] = [];

/**
 * Key-value pairs that travel beside the messages of a call: before them (metadata of the client, header of the server)
 * or after them (trailer).
 *
 * Keys are case-insensitive and may have several values. Keys that end in `-bin` hold bytes, all others printable ASCII.
 *
 * @see https://grpc.io/docs/guides/metadata/
 */
export class Metadata implements Iterable<readonly [key: string, value: MetadataValue]> {
  #values: Map<string, MetadataValue[]> | undefined;
  #received: ReceivedMetadata | undefined;

  /** A copy of `init`. */
  static from(init: MetadataInit): Metadata {
    const metadata = new Metadata();
    if (init instanceof Metadata) {
      metadata.#values = new Map([...init.#own()].map(([key, values]) => [key, [...values]]));
      return metadata;
    }
    for (const [key, value] of Object.entries(init)) {
      for (const one of typeof value === "string" || value instanceof Uint8Array ? [value] : value) {
        metadata.append(key, one);
      }
    }
    return metadata;
  }

  /** What `received` has, without what belongs to gRPC and to the connection. Its values are taken to be allowed. */
  static over(received: ReceivedMetadata): Metadata {
    const metadata = new Metadata();
    metadata.#received = received;
    return metadata;
  }

  /** The first text under the key. */
  get(key: string): string | undefined {
    const value = this.getAll(key)[0]; // all values under a key are of one kind
    return typeof value === "string" ? value : undefined;
  }

  /** The first bytes under the key, which ends in `-bin`. */
  getBytes(key: string): Uint8Array | undefined {
    const value = this.getAll(key)[0];
    return typeof value === "string" ? undefined : value;
  }

  /**
   * All values under the key, in the order they were sent. Several texts arrive as one, joined by `, `, as HTTP allows;
   * bytes arrive one by one.
   */
  getAll(key: string): readonly MetadataValue[] {
    const name = key.toLowerCase();
    if (this.#received !== undefined) {
      return isReserved(name) ? none : this.#received.values(name);
    }
    return this.#values?.get(name) ?? none;
  }

  has(key: string): boolean {
    return this.getAll(key).length > 0;
  }

  /**
   * Replaces all values under the key.
   *
   * @throws TypeError if gRPC does not allow the key or the value.
   */
  set(key: string, value: MetadataValue): this {
    const name = key.toLowerCase();
    checkEntry(name, value);
    this.#own().set(name, [value]);
    return this;
  }

  /**
   * Adds a value to those under the key.
   *
   * @throws TypeError if gRPC does not allow the key or the value.
   */
  append(key: string, value: MetadataValue): this {
    const name = key.toLowerCase();
    checkEntry(name, value);
    const values = this.#own().get(name);
    if (values === undefined) {
      this.#own().set(name, [value]);
    } else {
      values.push(value);
    }
    return this;
  }

  delete(key: string): boolean {
    return this.#own().delete(key.toLowerCase());
  }

  /** How many keys there are. */
  get size(): number {
    return this.#own().size;
  }

  /** The keys, in the order they were first set. */
  keys(): IterableIterator<string> {
    return this.#own().keys();
  }

  *[Symbol.iterator](): IterableIterator<readonly [key: string, value: MetadataValue]> {
    for (const [key, values] of this.#own()) {
      for (const value of values) {
        yield [key, value];
      }
    }
  }

  /** All values, to be changed or gone through. */
  #own(): Map<string, MetadataValue[]> {
    if (this.#values === undefined) {
      this.#values = this.#received === undefined ? new Map() : copyOf(this.#received);
      this.#received = undefined;
    }
    return this.#values;
  }
}

function copyOf(received: ReceivedMetadata): Map<string, MetadataValue[]> {
  const copy = new Map<string, MetadataValue[]>();
  for (const key of received.keys()) {
    if (!isReserved(key)) {
      copy.set(key, [...received.values(key)]);
    }
  }
  return copy;
}
