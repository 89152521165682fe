/** A value of metadata: text, or bytes under a key that ends in `-bin`. */
export type MetadataValue = string | Uint8Array;

/** What {@link Metadata.from} accepts: metadata, or an object with a value or several under each key. */
export type MetadataInit = Metadata | Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

const keyPattern = /^[0-9a-z_.-]+$/;
const textPattern = /^[\x20-\x7e]*$/;
/** Keys that speak of the HTTP/2 connection or of the message itself: sending them would break the stream. */
const connectionKeys: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Key-value pairs that travel beside the messages of a call: before them (metadata of the client, header of the server)
 * or after them (trailer).
 *
 * Keys are case-insensitive and may have several values. Keys that end in `-bin` hold bytes, all others printable ASCII.
 *
 * @see https://grpc.io/docs/guides/metadata/
 */
export class Metadata implements Iterable<readonly [key: string, value: MetadataValue]> {
  readonly #values = new Map<string, MetadataValue[]>();

  /** A copy of `init`. */
  static from(init: MetadataInit): Metadata {
    const metadata = new Metadata();
    const entries = init instanceof Metadata ? init : Object.entries(init).flatMap(([key, value]) => pairs(key, value));
    for (const [key, value] of entries) {
      metadata.append(key, value);
    }
    return metadata;
  }

  /** The first text under the key. */
  get(key: string): string | undefined {
    return this.getAll(key).find((value) => typeof value === "string");
  }

  /** The first bytes under the key, which ends in `-bin`. */
  getBytes(key: string): Uint8Array | undefined {
    return this.getAll(key).find((value) => typeof value !== "string");
  }

  /**
   * All values under the key, in the order they were sent. Several texts arrive as one, joined by `, `, as HTTP allows;
   * bytes arrive one by one.
   */
  getAll(key: string): readonly MetadataValue[] {
    return this.#values.get(key.toLowerCase()) ?? [];
  }

  has(key: string): boolean {
    return this.#values.has(key.toLowerCase());
  }

  /**
   * Replaces all values under the key.
   *
   * @throws TypeError if gRPC does not allow the key or the value.
   */
  set(key: string, value: MetadataValue): this {
    this.delete(key);
    return this.append(key, value);
  }

  /**
   * Adds a value to those under the key.
   *
   * @throws TypeError if gRPC does not allow the key or the value.
   */
  append(key: string, value: MetadataValue): this {
    const name = key.toLowerCase();
    checkKey(name);
    checkValue(name, value);
    const values = this.#values.get(name);
    if (values === undefined) {
      this.#values.set(name, [value]);
    } else {
      values.push(value);
    }
    return this;
  }

  delete(key: string): boolean {
    return this.#values.delete(key.toLowerCase());
  }

  /** How many keys there are. */
  get size(): number {
    return this.#values.size;
  }

  *[Symbol.iterator](): IterableIterator<readonly [key: string, value: MetadataValue]> {
    for (const [key, values] of this.#values) {
      for (const value of values) {
        yield [key, value];
      }
    }
  }
}

function pairs(key: string, value: MetadataValue | readonly MetadataValue[]): [string, MetadataValue][] {
  const values = typeof value === "string" || value instanceof Uint8Array ? [value] : value;
  return values.map((one) => [key, one]);
}

function checkKey(key: string): void {
  if (!keyPattern.test(key)) {
    throw new TypeError(`metadata key ${JSON.stringify(key)} may only have letters, digits and "_", "-", "."`);
  }
  if (key.startsWith("grpc-")) {
    throw new TypeError(`metadata key ${JSON.stringify(key)} is reserved: keys that begin with "grpc-" belong to gRPC`);
  }
  if (connectionKeys.has(key)) {
    throw new TypeError(`metadata key ${JSON.stringify(key)} is reserved: it belongs to the connection`);
  }
}

function checkValue(key: string, value: MetadataValue): void {
  const wantsBytes = key.endsWith("-bin");
  if (wantsBytes !== (typeof value !== "string")) {
    throw new TypeError(`metadata key ${JSON.stringify(key)} takes ${wantsBytes ? "bytes" : "text"}`);
  }
  if (typeof value === "string" && !textPattern.test(value)) {
    throw new TypeError(
      `metadata key ${JSON.stringify(key)} takes printable ASCII only; send other text as bytes under a key that ends in "-bin"`,
    );
  }
}
