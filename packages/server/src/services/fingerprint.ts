import { createHash } from "node:crypto";

/** A digest of a message in its JSON form. The order of keys has no part in it: some languages send maps in any order. */
export function fingerprintOf(json: unknown): string {
  return createHash("sha256").update(JSON.stringify(json, sortKeys)).digest("base64url");
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
