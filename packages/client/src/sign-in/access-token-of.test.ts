import { Tokens } from "@rollcall/contracts/user/v1/auth_service";
import { describe, expect, test } from "@jest/globals";
import { accessTokenOf } from "./access-token-of.js";

const nowMs = Date.UTC(2030, 0, 1);
const stated = new Date(Date.UTC(2024, 5, 1)); // by a clock that is years behind

function jwt(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}

describe("accessTokenOf", () => {
  test("counts how long the token lasts from now on, whatever the server's clock shows", () => {
    const accessToken = jwt({ iat: 1_000, exp: 1_600 });
    const tokens = Tokens.fromPartial({ accessToken, accessTokenExpiresAt: stated });
    expect(accessTokenOf(tokens, nowMs)).toEqual({ token: accessToken, expiresAt: new Date(nowMs + 600_000) });
  });

  test.each([
    ["is no JWT", "opaque"],
    ["has a payload that is no JSON", "e30.!!!.signature"],
    ["has a payload of another kind", jwt("text")],
    ["says nothing of its beginning", jwt({ exp: 1_600 })],
    ["says nothing of its end", jwt({ iat: 1_000 })],
    ["ends before it begins", jwt({ iat: 1_600, exp: 1_000 })],
  ])("takes the server's word for a token that %s", (_case, accessToken) => {
    const tokens = Tokens.fromPartial({ accessToken, accessTokenExpiresAt: stated });
    expect(accessTokenOf(tokens, nowMs)).toEqual({ token: accessToken, expiresAt: stated });
  });
});
