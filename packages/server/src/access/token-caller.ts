import { callerFromClaims, type TokenClaims } from "@rollcall/interceptors/server/auth";
import type { Caller } from "@rollcall/interceptors/server/caller";

/** A caller with a token of this server's own. */
export interface TokenCaller extends Caller {
  /** How many changes to the user's rights the token knows of. */
  readonly authVersion: number;
}

/**
 * The caller of a token of this server's own.
 *
 * @throws TypeError for a token without a version, which this server does not issue.
 */
export function tokenCaller(claims: TokenClaims): TokenCaller {
  const { ver: authVersion } = claims;
  if (typeof authVersion !== "number") {
    throw new TypeError("the token's claim ver is no number");
  }
  return { ...callerFromClaims(claims), authVersion };
}

/** The version of a caller's token; undefined for callers without a token of this server's own. */
export function authVersionOf(caller: Caller): number | undefined {
  return "authVersion" in caller && typeof caller.authVersion === "number" ? caller.authVersion : undefined;
}
