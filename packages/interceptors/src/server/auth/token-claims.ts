import type { Caller } from "../caller.js";

/**
 * What a verified token says. Beyond these its issuer says what it likes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1
 */
export interface TokenClaims {
  /** Whom the token speaks of. Never empty. */
  readonly sub: string;
  /** When it expires, in seconds since the epoch. */
  readonly exp: number;
  /** When it was issued, in seconds since the epoch. */
  readonly iat: number;
  readonly [name: string]: unknown;
}

/**
 * The caller that a token stands for: its subject, the roles in its claim `roles`, and the session in `sid`, or else the id
 * of the token in `jti`.
 *
 * @throws TypeError for roles that are no list of texts.
 */
export function callerFromClaims(claims: TokenClaims): Caller {
  const { sub: subject, exp, roles = [], sid, jti } = claims;
  if (!Array.isArray(roles) || !roles.every((role) => typeof role === "string")) {
    throw new TypeError("the token's claim roles is no list of texts");
  }
  const credentialId = [sid, jti].find((id) => typeof id === "string");
  return { subject, roles, credential: "token", credentialId, expiresAt: new Date(exp * 1_000) };
}

/**
 * The claims of a token whose signature and times have been checked.
 *
 * @throws TypeError where it names nobody, or a time that no clock will ever show.
 */
export function checkedClaims({ sub, exp, iat, ...others }: Readonly<Record<string, unknown>>): TokenClaims {
  if (typeof sub !== "string" || sub === "") {
    throw new TypeError("the token's claim sub names nobody");
  }
  if (!isTime(exp) || !isTime(iat)) {
    throw new TypeError("the token's claim exp or iat is no time");
  }
  return { ...others, sub, exp, iat };
}

function isTime(seconds: unknown): seconds is number {
  return typeof seconds === "number" && !Number.isNaN(new Date(seconds * 1_000).getTime());
}
