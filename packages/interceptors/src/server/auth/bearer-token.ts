import { checkNumbers } from "./check-numbers.js";
import type { CredentialSource } from "./credential-source.js";
import type { TokenVerifier } from "./token-verifier.js";

/** What a token may be before it is verified. */
export interface BearerTokenOptions {
  /** The longest token. Defaults to 8 KiB. */
  readonly maxTokenBytes?: number | undefined;
}

const scheme = "Bearer ";
const schemeInAnyCase = /^bearer(?: +|$)/i;

/**
 * Access tokens in the metadata, as `authorization: Bearer …`. Other schemes are left to other sources.
 *
 * @param verifier - Such as `createTokenVerifier` makes.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @throws TypeError for a length that is not above 0.
 */
export function bearerToken(
  verifier: Pick<TokenVerifier, "verify">,
  { maxTokenBytes = 8 * 1024 }: BearerTokenOptions = {},
): CredentialSource {
  checkNumbers({ maxTokenBytes });
  return function bearerToken({ metadata }) {
    const value = metadata.get("authorization");
    const start = value === undefined ? undefined : startOfToken(value);
    if (value === undefined || start === undefined) {
      return undefined;
    }
    const bytes = value.length - start;
    if (bytes === 0 || bytes > maxTokenBytes) {
      throw new RangeError(`the token is ${bytes} bytes long; it takes 1 to ${maxTokenBytes}`);
    }
    return verifier.verify(value.slice(start));
  };
}

/** Where in the value of `authorization` its token starts; undefined when the scheme is another. */
function startOfToken(value: string): number | undefined {
  if (value === "" || value.startsWith(scheme)) {
    return value.length === 0 ? 0 : scheme.length;
  }
  return schemeInAnyCase.exec(value)?.[0].length;
}
