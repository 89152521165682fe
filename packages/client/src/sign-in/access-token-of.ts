import type { Tokens } from "@rollcall/contracts/user/v1/auth_service";
import type { AccessToken } from "@rollcall/interceptors/client/auth";

/**
 * The access token of a pair, and when it runs out by the clock of this machine: the server's may show another time, so
 * what counts is how long the token lasts, as its claims `iat` and `exp` say.
 *
 * @param nowMs - When the pair came, in milliseconds since the epoch.
 */
export function accessTokenOf({ accessToken, accessTokenExpiresAt }: Tokens, nowMs: number): AccessToken {
  const lastsMs = lifetimeMsOf(accessToken);
  const expiresAt = lastsMs === undefined ? accessTokenExpiresAt : new Date(nowMs + lastsMs);
  return { token: accessToken, expiresAt };
}

function lifetimeMsOf(token: string): number | undefined {
  const [, payload = ""] = token.split(".");
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as unknown;
    return isTimed(claims) && claims.exp > claims.iat ? (claims.exp - claims.iat) * 1_000 : undefined;
  } catch {
    return undefined; // some other kind of token
  }
}

function isTimed(claims: unknown): claims is { readonly iat: number; readonly exp: number } {
  return (
    typeof claims === "object" &&
    claims !== null &&
    "iat" in claims &&
    typeof claims.iat === "number" &&
    "exp" in claims &&
    typeof claims.exp === "number"
  );
}
