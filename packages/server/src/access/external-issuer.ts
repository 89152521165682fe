import {
  createTokenVerifier,
  remoteKeySet,
  type TokenClaims,
  type TokenVerifier,
} from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";
import type { Config } from "../config.js";
import { rolesInClaim } from "./roles-in-claim.js";

/** The settings of an issuer whose tokens are accepted beside this server's own. */
export type ExternalIssuerConfig = Pick<
  Config,
  "externalJwksUrl" | "externalIssuer" | "externalAudience" | "externalRolesClaim"
>;

/** What the database keeps as it is: neither control characters nor halves of characters. */
const nameablePattern = /^[^\p{Cc}\p{Cs}]{1,256}$/u;

/**
 * Verifies the tokens of another issuer, if one is configured. Their bearers are none of this server's users, whatever the
 * claim `sub` says: they are called `<issuer>#<sub>` here, and may do what the roles say that the issuer gives them.
 */
export function createExternalVerifier(config: ExternalIssuerConfig): TokenVerifier | undefined {
  const {
    externalJwksUrl: url,
    externalIssuer: issuer,
    externalAudience: audience,
    externalRolesClaim: claim,
  } = config;
  if (url === undefined || issuer === undefined || audience === undefined) {
    return undefined; // one without the others is refused when the settings are read
  }
  return createTokenVerifier({
    keys: remoteKeySet({ url }),
    issuer,
    audience,
    toCaller: (claims) => externalCaller(claims, issuer, claim),
  });
}

function externalCaller(claims: TokenClaims, issuer: string, rolesClaim: string): Caller {
  const { sub, exp, sid, jti } = claims;
  if (!nameablePattern.test(sub)) {
    throw new TypeError("the token's claim sub is too long, or has characters that no name has");
  }
  return {
    subject: `${issuer}#${sub}`,
    roles: rolesInClaim(claims, rolesClaim),
    credential: "token",
    credentialId: [sid, jti].find((id) => typeof id === "string"),
    expiresAt: new Date(exp * 1_000),
  };
}
