import { createTokenVerifier, type TokenClaims, type TokenVerifier } from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";
import { SignJWT } from "jose";
import { tokenCaller } from "../access/token-caller.js";
import type { User } from "../storage/user.js";
import { signingAlgorithm } from "./signing-key-jwk.js";
import type { SigningKeys } from "./signing-keys.js";

/** What access tokens say of themselves. */
export interface AccessTokensOptions {
  readonly keys: SigningKeys;
  /** Who issues them: the claim `iss`. */
  readonly issuer: string;
  /** Whom they are for: the claim `aud`. */
  readonly audience: string;
  /** How long they count, in milliseconds. */
  readonly lifetimeMs: number;
  /** Whether a token no longer counts, by the version of its user and by its session. */
  readonly isRevoked: (caller: Caller, claims: TokenClaims) => boolean;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A token and its end. */
interface AccessToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Signs a token for a user's session. */
export type SignAccessToken = (user: User, sessionId: string) => Promise<AccessToken>;

/** Makes and verifies access tokens. */
export interface AccessTokens {
  /** Makes ready to sign. Call it outside of units of work: the key may have to be made first. */
  signer(): Promise<SignAccessToken>;
  readonly verifier: TokenVerifier;
}

/** What a token is, beside a JWT: RFC 9068. */
const type = "at+jwt";

/**
 * Access tokens as JWTs: `sub` is the user, `sid` the session, `roles` what the user may do, and `ver` counts the changes
 * that made earlier tokens of the user void.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9068
 */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { keys, issuer, audience, lifetimeMs, isRevoked, now = Date.now } = options;
  return {
    async signer() {
      const { id: kid, privateKey } = await keys.current();
      return async function signAccessToken(user, sessionId) {
        const issuedAtSeconds = Math.floor(now() / 1_000);
        const expiresAtSeconds = issuedAtSeconds + Math.ceil(lifetimeMs / 1_000);
        const token = await new SignJWT({ roles: user.roles, sid: sessionId, ver: user.authVersion })
          .setProtectedHeader({ alg: signingAlgorithm, typ: type, kid })
          .setSubject(user.id)
          .setIssuer(issuer)
          .setAudience(audience)
          .setIssuedAt(issuedAtSeconds)
          .setExpirationTime(expiresAtSeconds)
          .sign(privateKey);
        return { token, expiresAt: new Date(expiresAtSeconds * 1_000) };
      };
    },
    verifier: createTokenVerifier({
      keys,
      issuer,
      audience,
      algorithms: [signingAlgorithm],
      tokenType: type,
      requiredClaims: ["sid", "ver"],
      toCaller: tokenCaller,
      isRevoked,
      now,
    }),
  };
}
