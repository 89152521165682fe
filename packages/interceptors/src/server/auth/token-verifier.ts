import { hash } from "node:crypto";
import { jwtVerify } from "jose";
import type { Caller } from "../caller.js";
import { Answers } from "./answers.js";
import { checkNumbers } from "./check-numbers.js";
import { UnverifiableCredentialsError } from "./credential-source.js";
import type { KeySet } from "./key-set.js";
import { callerFromClaims, checkedClaims, type TokenClaims } from "./token-claims.js";
import { type CheckedTokenRules, checkTokenRules, type TokenRules } from "./token-rules.js";

/** What a token must be for its bearer to be let in. */
export interface TokenVerifierOptions extends TokenRules {
  /** The issuer's public keys: `createKeySet` or `remoteKeySet`. */
  readonly keys: KeySet;
  /** The longest token. Defaults to 8 KiB. */
  readonly maxTokenBytes?: number | undefined;
  /**
   * Whom a token stands for. Defaults to {@link callerFromClaims}. Give another for issuers that must not hand out roles,
   * or whose subjects are not your users' ids.
   */
  readonly toCaller?: ((claims: TokenClaims) => Caller) | undefined;
  /** Whether the token no longer counts, by what is known now. Asked for every call, so it must be quick. */
  readonly isRevoked?: ((caller: Caller, claims: TokenClaims) => boolean) | undefined;
  readonly cache?:
    | {
        /** How many verified tokens are remembered. Defaults to 10,000. */
        readonly max?: number | undefined;
        /** For how long, at most until they expire. Defaults to 1 minute. */
        readonly ttlMs?: number | undefined;
      }
    | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Tells whom tokens stand for. */
export interface TokenVerifier {
  /** Whose tokens these are. */
  readonly issuer: string;
  /**
   * Whom the token stands for: at once if it was verified before, otherwise as a promise.
   *
   * @throws Error, or rejects, when the token does not count; UnverifiableCredentialsError when that cannot be told.
   */
  verify(token: string): Caller | Promise<Caller>;
  /**
   * Whom the token stands for, if it was verified a short while ago.
   *
   * @throws Error when it was revoked since.
   */
  recall(token: string): Caller | undefined;
  /** Has the tokens of these callers verified again. To refuse them, say so in `isRevoked`. */
  forget(matches: (caller: Caller) => boolean): void;
  /** Has all tokens verified again. */
  clear(): void;
}

const compactForm = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const maxFailed = 1_000;
const failedTtlMs = 1_000;

/**
 * Verifies access tokens that are signed JSON Web Tokens: their signature first, by keys that come from `keys` alone, then
 * issuer, audience and times. Tokens without `exp` or `iat`, or with an `iat` that is still to come, do not count.
 *
 * A token that was verified is remembered for a while, which makes the next call with it some hundred times cheaper. It is
 * verified again as soon as the keys change, and `isRevoked` is asked every time.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 * @throws TypeError for an algorithm that is not asymmetric, no issuer or audience, or a number that is not above 0.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  return new Verifier(options);
}

interface Verified {
  readonly caller: Caller;
  readonly claims: TokenClaims;
  readonly keysVersion: number;
}

interface Failed {
  readonly error: unknown;
  readonly keysVersion: number;
}

class Verifier implements TokenVerifier {
  readonly issuer: string;
  readonly #keys: KeySet;
  readonly #rules: CheckedTokenRules;
  readonly #maxTokenBytes: number;
  readonly #ttlMs: number;
  readonly #toCaller: (claims: TokenClaims) => Caller;
  readonly #isRevoked: TokenVerifierOptions["isRevoked"];
  readonly #now: () => number;
  readonly #verified: Answers<Verified>;
  readonly #failed: Answers<Failed>;

  constructor(options: TokenVerifierOptions) {
    const { maxTokenBytes = 8 * 1024, now = Date.now, cache: { max = 10_000, ttlMs = 60_000 } = {} } = options;
    checkNumbers({ maxTokenBytes, "cache.max": max, "cache.ttlMs": ttlMs });
    this.issuer = options.issuer;
    this.#keys = options.keys;
    this.#rules = checkTokenRules(options);
    this.#maxTokenBytes = maxTokenBytes;
    this.#ttlMs = ttlMs;
    this.#toCaller = options.toCaller ?? callerFromClaims;
    this.#isRevoked = options.isRevoked;
    this.#now = now;
    this.#verified = new Answers({ max, now });
    this.#failed = new Answers({ max: maxFailed, now });
  }

  verify(token: string): Caller | Promise<Caller> {
    return this.recall(token) ?? this.#verifyNew(token);
  }

  recall(token: string): Caller | undefined {
    const verified = this.#verified.recall(token);
    return verified?.keysVersion === this.#keys.version ? this.#admit(verified) : undefined;
  }

  forget(matches: (caller: Caller) => boolean): void {
    this.#verified.forget(({ caller }) => matches(caller));
  }

  clear(): void {
    this.#verified.clear();
    this.#failed.clear();
  }

  #admit({ caller, claims }: Verified): Caller {
    if (this.#isRevoked?.(caller, claims) === true) {
      throw new Error("the token was revoked");
    }
    return caller;
  }

  async #verifyNew(token: string): Promise<Caller> {
    if (token.length > this.#maxTokenBytes) {
      throw new RangeError(`the token is ${token.length} bytes long, at most ${this.#maxTokenBytes} are allowed`);
    }
    if (!compactForm.test(token)) {
      throw new TypeError("the token has not the three parts of a signed token");
    }
    const digest = hash("sha256", token); // what does not count need not be kept word for word
    const failed = this.#failed.recall(digest);
    if (failed?.keysVersion === this.#keys.version) {
      throw failed.error;
    }
    return this.#admit(await this.#verified.ask(token, () => this.#check(token, digest)));
  }

  /** Verifies the token, and remembers the outcome. */
  async #check(token: string, digest: string): Promise<Verified> {
    const keysVersion = this.#keys.version;
    try {
      const { payload } = await jwtVerify(token, (...header) => this.#keys.find(...header), {
        ...this.#rules.forJose,
        currentDate: new Date(this.#now()),
      });
      const claims = checkedClaims(payload);
      const verified = { caller: this.#toCaller(claims), claims, keysVersion };
      this.#verified.keep(token, verified, this.#countsUntil(claims));
      return verified;
    } catch (error) {
      if (!(error instanceof UnverifiableCredentialsError)) {
        this.#failed.keep(digest, { error, keysVersion: this.#keys.version }, this.#now() + failedTtlMs);
      }
      throw error;
    }
  }

  #countsUntil({ exp, iat }: TokenClaims): number {
    const { maxAgeMs, clockToleranceMs } = this.#rules;
    const lastMs = Math.min(exp * 1_000, iat * 1_000 + maxAgeMs) + clockToleranceMs;
    return Math.min(lastMs, this.#now() + this.#ttlMs);
  }
}
