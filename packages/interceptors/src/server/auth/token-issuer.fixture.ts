import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from "jose";

export const issuer = "https://id.example";
export const audience = "example";

/** When the tokens of these tests are issued. */
export const issuedAtMs = Date.UTC(2030, 0, 1);

/** Claims to change or, with undefined, to leave out. */
export type ClaimChanges = Readonly<Record<string, unknown>>;

/** A header; `typ` is `at+jwt` unless it says otherwise. It may demand that `example` be understood. */
export type HeaderChanges = Readonly<Record<string, unknown>>;

export interface TokenIssuer {
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
  /** A token for Ann that lasts ten minutes. */
  sign(claims?: ClaimChanges, header?: HeaderChanges): Promise<string>;
}

/** Somebody who issues tokens, with a key of their own. */
export async function createTokenIssuer(kid = "key-1", algorithm = "ES256"): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: "sig" };
  return {
    publicKey,
    jwk,
    sign: (claims = {}, header = {}) =>
      new SignJWT(claimsOf(claims))
        .setProtectedHeader({ alg: algorithm, kid, typ: "at+jwt", ...header })
        .sign(privateKey, { crit: { example: true } }),
  };
}

export function claimsOf(changes: ClaimChanges = {}): Record<string, unknown> {
  const iat = issuedAtMs / 1_000;
  const claims: ClaimChanges = {
    iss: issuer,
    aud: audience,
    sub: "ann",
    roles: ["reader"],
    sid: "session-1",
    iat,
    exp: iat + 600,
  };
  return Object.fromEntries(Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined));
}

/** A part of a token as it is written. */
export function part(json: unknown): string {
  return Buffer.from(typeof json === "string" ? json : JSON.stringify(json)).toString("base64url");
}
