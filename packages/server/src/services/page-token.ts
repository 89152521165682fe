import { createHash, timingSafeEqual } from "node:crypto";
import { pageTokenInvalid } from "./errors.js";

const checkBytes = 8;
const positionPattern = /^[\x21-\x7e]+$/; // ids; nothing else gets to the database, whoever made the token

/**
 * Where a list goes on, as an opaque token that only fits the query it was made for. It says nothing that the client does
 * not know, and grants nothing: it is opaque so that nobody builds on how it is made.
 *
 * @param query - All that the next page must have in common with this one: the method and its filters.
 * @see https://google.aip.dev/158
 */
export function createPageToken(query: readonly string[], position: string): string {
  const bytes = Buffer.from(position);
  return Buffer.concat([checkOf(query, bytes), mask(query, bytes)]).toString("base64url");
}

/**
 * The position in a token; undefined for no token.
 *
 * @throws StatusError `INVALID_ARGUMENT` `PAGE_TOKEN_INVALID` for one that was not made for this query.
 */
export function readPageToken(query: readonly string[], token: string): string | undefined {
  if (token === "") {
    return undefined;
  }
  const bytes = Buffer.from(token, "base64url");
  const position = mask(query, bytes.subarray(checkBytes));
  const check = bytes.subarray(0, checkBytes);
  const text = position.toString();
  const isOurs = check.length === checkBytes && timingSafeEqual(check, checkOf(query, position));
  if (!isOurs || !positionPattern.test(text)) {
    throw pageTokenInvalid();
  }
  return text;
}

function checkOf(query: readonly string[], position: Buffer): Buffer {
  return digestOf("check", query, position.toString("hex")).subarray(0, checkBytes);
}

/** The same twice is what it was. */
function mask(query: readonly string[], bytes: Buffer): Buffer {
  const pad = digestOf("mask", query);
  return Buffer.from(bytes.map((byte, index) => byte ^ (pad[index % pad.length] ?? 0)));
}

function digestOf(purpose: string, query: readonly string[], text = ""): Buffer {
  return createHash("sha256")
    .update(JSON.stringify([purpose, query, text]))
    .digest();
}
