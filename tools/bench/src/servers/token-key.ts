import { type CryptoKey, importJWK, type JWK } from "jose";

/** The environment variable that holds the public key of the bench's tokens, as a JSON Web Key. */
export const tokenKeyVariable = "ROLLCALL_BENCH_TOKEN_KEY";

/** What the tokens of the load say beside who makes the call. */
export const tokenClaims = {
  algorithm: "ES256",
  issuer: "https://accounts.example.com",
  audience: "rollcall",
} as const;

/** The public key of the bench's tokens. */
export function tokenKeyOf(environment: Readonly<Record<string, string | undefined>>): JWK {
  return JSON.parse(environment[tokenKeyVariable] ?? "") as JWK; // written by the bench, and checked when it is imported
}

/** The same, ready to verify with. */
export async function importTokenKey(): Promise<CryptoKey> {
  const key = await importJWK(tokenKeyOf(process.env), tokenClaims.algorithm);
  if (key instanceof Uint8Array) {
    throw new TypeError("the key of the tokens must be a public key");
  }
  return key;
}
