import { createKeySet, createTokenVerifier, type TokenVerifier } from "@rollcall/interceptors/server/auth";
import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from "jose";
import { tokenCaller } from "./token-caller.js";

/** What a token says; with undefined, what it leaves out. */
export type Claims = Readonly<Record<string, unknown>>;

/** Somebody who issues tokens, with a key of their own. */
export interface TestIssuer {
  readonly jwks: JSONWebKeySet;
  /** A token for the user `ann` in the session `ann's`, which lasts ten minutes. */
  sign(claims?: Claims): Promise<string>;
}

/** What a server's own tokens say, and are verified by. */
export const ownIssuer = { issuer: "rollcall", audience: "rollcall" };

/** Makes an issuer who signs as this server does, unless it is another's name that the tokens bear. */
export async function createTestIssuer({ issuer, audience } = ownIssuer): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const kid = "key-1";
  return {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: "ES256", use: "sig" }] },
    sign(claims = {}) {
      const iat = Math.floor(Date.now() / 1_000);
      const usual = { iss: issuer, aud: audience, sub: "ann", sid: "ann's", ver: 1, roles: [], iat, exp: iat + 600 };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid })
        .sign(privateKey);
    },
  };
}

/** Verifies the tokens of an issuer as this server verifies its own. */
export function createOwnVerifier({ jwks }: TestIssuer): TokenVerifier {
  return createTokenVerifier({
    ...ownIssuer,
    keys: createKeySet(jwks),
    algorithms: ["ES256"],
    tokenType: "at+jwt",
    requiredClaims: ["sid", "ver"],
    toCaller: tokenCaller,
  });
}

/** The metadata of a call with this token. */
export const bearer = (token: string) => ({ metadata: { authorization: `Bearer ${token}` } });
