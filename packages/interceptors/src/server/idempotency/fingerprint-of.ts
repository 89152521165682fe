import { createHash } from "node:crypto";

/**
 * A digest of a message. The order of keys has no part in it, since some languages send maps in any order, and neither has
 * a field that is undefined.
 */
export function fingerprintOf(message: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([canonical(message)]))
    .digest("base64url");
}

/** The same value in JSON's terms, with its keys in order. Which type it was of, its field says. */
function canonical(value: unknown): unknown {
  if (typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value))) {
    return String(value);
  }
  if (typeof value !== "object" || value === null || value instanceof Date) {
    return value;
  }
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64url");
  }
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  return inOrder(value instanceof Map ? [...value] : Object.entries(value));
}

function inOrder(entries: readonly (readonly [unknown, unknown])[]): Record<string, unknown> {
  const byText = entries.map(([key, value]) => [String(key), canonical(value)] as const);
  return Object.fromEntries(byText.sort(([one], [other]) => (one < other ? -1 : 1)));
}
