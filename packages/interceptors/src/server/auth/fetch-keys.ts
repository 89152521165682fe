import type { JSONWebKeySet } from "jose";
import { isPublicKey } from "./key-set.js";

/** What an answer may cost. */
export interface FetchKeysOptions {
  /** How long the answer may take, to its last byte. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxKeys: number;
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Fetches a JSON Web Key Set: the public keys in it, the others are nobody's to verify with.
 *
 * @throws Error when there is no answer in time, or one that is no key set, too large, or leads elsewhere.
 */
export async function fetchKeys(
  url: URL,
  { timeoutMs, maxBytes, maxKeys, fetch }: FetchKeysOptions,
): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    headers: { accept: "application/json, application/jwk-set+json" },
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the host of the keys answered with the status ${response.status}`);
  }
  return keySetIn(JSON.parse(await textOf(response, maxBytes)), maxKeys);
}

async function textOf({ body }: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let bytes = 0;
  const chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array> = body ?? [];
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new Error(`the key set is larger than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function keySetIn(answer: unknown, maxKeys: number): JSONWebKeySet {
  const keys = isObject(answer) ? answer["keys"] : undefined;
  if (!Array.isArray(keys) || !keys.every(isObject)) {
    throw new TypeError("the answer is no key set");
  }
  if (keys.length > maxKeys) {
    throw new RangeError(`the key set has ${keys.length} keys, at most ${maxKeys} are allowed`);
  }
  return { keys: keys.filter(isPublicKey) }; // what else is wrong with a key shows when it is needed
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
