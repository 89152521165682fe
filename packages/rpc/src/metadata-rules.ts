/** A value of metadata: text, or bytes under a key that ends in `-bin`. */
export type MetadataValue = string | Uint8Array;

const keyPattern = /^[0-9a-z_.-]+$/;
const textPattern = /^[\x20-\x7e]*$/;
const reservedPrefix = "grpc-";
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
/** Keys that were found to be allowed: a program sets few, and those on every call. */
const allowedKeys = new Set<string>();
const maxAllowedKeys = 256;

/** Whether the key belongs to gRPC or to the connection. */
export function isReserved(key: string): boolean {
  return key.startsWith(reservedPrefix) || connectionKeys.has(key);
}

/**
 * Checks a lower-case key and a value under it.
 *
 * @throws TypeError if gRPC does not allow the key or the value.
 */
export function checkEntry(key: string, value: MetadataValue): void {
  if (!allowedKeys.has(key)) {
    checkKey(key);
    if (allowedKeys.size < maxAllowedKeys) {
      allowedKeys.add(key);
    }
  }
  checkValue(key, value);
}

function checkKey(key: string): void {
  if (!keyPattern.test(key)) {
    throw new TypeError(`metadata key ${JSON.stringify(key)} may only have letters, digits and "_", "-", "."`);
  }
  if (key.startsWith(reservedPrefix)) {
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
