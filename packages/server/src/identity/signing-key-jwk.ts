import { randomUUID } from "node:crypto";
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { SigningKey } from "../storage/identity/signing-key.js";

/** What access tokens are signed with. */
export const signingAlgorithm = "ES256";

/** Makes a key that nobody has yet. */
export async function makeSigningKey(): Promise<Omit<SigningKey, "createdAt">> {
  const { privateKey } = await generateKeyPair(signingAlgorithm, { extractable: true });
  return { id: randomUUID(), privateJwk: JSON.stringify(await exportJWK(privateKey)) };
}

const imported = new WeakMap<SigningKey, Promise<CryptoKey>>();

/** The key to sign with. */
export function importPrivate(key: SigningKey): Promise<CryptoKey> {
  const known = imported.get(key) ?? importKey(key);
  imported.set(key, known);
  return known;
}

async function importKey({ privateJwk }: SigningKey): Promise<CryptoKey> {
  const key = await importJWK(JSON.parse(privateJwk) as JWK, signingAlgorithm); // only `makeSigningKey` writes these
  if (key instanceof Uint8Array) {
    throw new TypeError("the stored signing key is no private key");
  }
  return key;
}

/** What everybody may know of a key. */
export function publicJwk({ id, privateJwk }: SigningKey): JWK {
  const { kty, crv, x, y } = JSON.parse(privateJwk) as Required<Pick<JWK, "kty" | "crv" | "x" | "y">>; // the same
  return { kty, crv, x, y, kid: id, alg: signingAlgorithm, use: "sig" };
}
