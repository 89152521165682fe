import { createHash, randomBytes } from "node:crypto";

/** Something that only its holder knows, and what is kept of it. */
export interface Secret {
  readonly text: string;
  /** Its SHA-256: enough to know it again, and of no use to whoever reads the store. */
  readonly digest: string;
}

const secretBytes = 32;

/**
 * Makes a secret that cannot be guessed.
 *
 * @param prefix - Says what it is for, so that it is known for a secret wherever it turns up.
 */
export function createSecret(prefix: string): Secret {
  const text = prefix + randomBytes(secretBytes).toString("base64url");
  return { text, digest: digestOf(text) };
}

/** What is kept of a secret. A slow hash would add nothing: there are too many secrets to try. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
