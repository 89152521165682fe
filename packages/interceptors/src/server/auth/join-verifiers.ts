import { decodeJwt } from "jose";
import type { Caller } from "../caller.js";
import type { TokenVerifier } from "./token-verifier.js";

/**
 * Takes the tokens of several issuers: each token goes to the verifier of the issuer that it names, so that no issuer's keys
 * count for another's tokens.
 *
 * @throws TypeError when two are of the same issuer.
 */
export function joinVerifiers(verifiers: readonly TokenVerifier[]): Pick<TokenVerifier, "verify" | "forget" | "clear"> {
  const byIssuer = new Map(verifiers.map((verifier) => [verifier.issuer, verifier]));
  if (byIssuer.size < verifiers.length) {
    throw new TypeError("two verifiers are of the same issuer; the tokens of an issuer have one verifier");
  }
  return {
    verify(token) {
      for (const verifier of verifiers) {
        const caller = verifier.recall(token);
        if (caller !== undefined) {
          return caller;
        }
      }
      return verifyNew(byIssuer, token);
    },
    forget(matches) {
      for (const verifier of verifiers) {
        verifier.forget(matches);
      }
    },
    clear() {
      for (const verifier of verifiers) {
        verifier.clear();
      }
    },
  };
}

async function verifyNew(byIssuer: ReadonlyMap<unknown, TokenVerifier>, token: string): Promise<Caller> {
  // Nothing vouches for this claim yet: it says only whose rules the token has to meet.
  const verifier = byIssuer.get(decodeJwt(token).iss);
  if (verifier === undefined) {
    throw new Error("the token is of another issuer");
  }
  return verifier.verify(token);
}
