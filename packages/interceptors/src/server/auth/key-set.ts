import {
  createLocalJWKSet,
  type CryptoKey,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWK,
  type JWSHeaderParameters,
} from "jose";

/** The public keys of whoever issues tokens. */
export interface KeySet {
  /** Another number as soon as a key was added, replaced or withdrawn: what was verified before then is verified again. */
  readonly version: number;
  /**
   * The key that a token was signed with, by the `kid` and `alg` of its header. Nothing else in the header counts: keys come
   * from here alone.
   *
   * @throws Error when there is none, or several that fit equally well.
   */
  find(header: JWSHeaderParameters, token?: FlattenedJWSInput): Promise<CryptoKey>;
}

/** Keys that this program holds itself. */
export interface ReplaceableKeySet extends KeySet {
  /**
   * Puts other keys in place of all of these. To rotate keys, add the new one first, sign with it once every server knows
   * it, and leave the old one out when the last token that it signed has expired.
   *
   * @throws TypeError for a key that is not public.
   */
  replace(keys: JSONWebKeySet): void;
}

/**
 * Keys as a JSON Web Key Set.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 * @throws TypeError for a key that is not public.
 */
export function createKeySet(keys: JSONWebKeySet): ReplaceableKeySet {
  let find = finderOf(keys);
  let version = 0;
  return {
    get version() {
      return version;
    },
    find: (header, token) => find(header, token),
    replace(others) {
      find = finderOf(others);
      version++;
    },
  };
}

/** Whether the key may be known to all: neither a private key nor a secret that signer and verifier share. */
export function isPublicKey(key: Partial<JWK>): boolean {
  return typeof key.kty === "string" && key.kty !== "oct" && !("d" in key) && !("k" in key) && !("priv" in key);
}

function finderOf(keys: JSONWebKeySet): KeySet["find"] {
  const secret = keys.keys.findIndex((key) => !isPublicKey(key));
  if (secret !== -1) {
    throw new TypeError(`key ${secret} is not a public key; whoever verifies tokens must not be able to make them`);
  }
  const find = createLocalJWKSet(keys);
  return async (header, token) => find(header, token);
}
