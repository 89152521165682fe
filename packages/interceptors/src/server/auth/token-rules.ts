import type { JWTVerifyOptions } from "jose";
import { checkNumbers } from "./check-numbers.js";

/** What a token must be to count. */
export interface TokenRules {
  /** Who issues the tokens: their claim `iss`. */
  readonly issuer: string;
  /** Whom the tokens are for: one of these is in their claim `aud`. */
  readonly audience: string | readonly string[];
  /** The algorithms that count, all asymmetric. Defaults to ES256, RS256, PS256 and EdDSA. */
  readonly algorithms?: readonly string[] | undefined;
  /** What the tokens are: `typ` in their header, such as `at+jwt`. Defaults to anything. */
  readonly tokenType?: string | undefined;
  /** Claims that tokens must have beside `iss`, `aud`, `sub`, `exp` and `iat`. */
  readonly requiredClaims?: readonly string[] | undefined;
  /** How far the issuer's clock may be off. Defaults to 5 seconds. */
  readonly clockToleranceMs?: number | undefined;
  /** How long ago a token may have been issued, whenever it expires. Defaults to 24 hours. */
  readonly maxAgeMs?: number | undefined;
}

const defaultAlgorithms = ["ES256", "RS256", "PS256", "EdDSA"];
/** Whoever can verify the tokens of these cannot make them. */
const asymmetric = /^(?:(?:ES|RS|PS)(?:256|384|512)|EdDSA|Ed25519)$/;

/** The rules, with the defaults, as jose takes them. */
export interface CheckedTokenRules {
  readonly clockToleranceMs: number;
  readonly maxAgeMs: number;
  readonly forJose: JWTVerifyOptions;
}

/**
 * Completes the rules.
 *
 * @throws TypeError for an algorithm that is not asymmetric, no issuer or audience, or a number that is not above 0.
 */
export function checkTokenRules(rules: TokenRules): CheckedTokenRules {
  const { issuer, tokenType, requiredClaims = [], algorithms = defaultAlgorithms } = rules;
  const { clockToleranceMs = 5_000, maxAgeMs = 24 * 60 * 60_000 } = rules;
  checkNumbers({ clockToleranceMs, maxAgeMs });
  const audience = [rules.audience].flat();
  if (audience.length === 0 || [issuer, ...audience].includes("")) {
    throw new TypeError("a token verifier needs an issuer and an audience; without them anybody's tokens would count");
  }
  checkAlgorithms(algorithms);
  const forJose = {
    issuer,
    audience,
    algorithms: [...algorithms],
    requiredClaims: ["sub", "exp", "iat", ...requiredClaims],
    clockTolerance: clockToleranceMs / 1_000,
    maxTokenAge: maxAgeMs / 1_000,
    ...(tokenType === undefined ? {} : { typ: tokenType }),
  };
  return { clockToleranceMs, maxAgeMs, forJose };
}

function checkAlgorithms(algorithms: readonly string[]): void {
  const examples = defaultAlgorithms.join(", ");
  if (algorithms.length === 0) {
    throw new TypeError(`algorithms is empty; name one at least, such as ${examples}`);
  }
  const symmetric = algorithms.find((algorithm) => !asymmetric.test(algorithm));
  if (symmetric !== undefined) {
    throw new TypeError(
      `algorithm ${JSON.stringify(symmetric)} is not asymmetric; allow those that are, such as ${examples}`,
    );
  }
}
