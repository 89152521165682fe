import { createHash, randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, hashRaw, verify } from "@node-rs/argon2";
import pLimit from "p-limit";
import { type Argon2Cost, isOutdated, matcherOf, type MatchPassword } from "./password-hash.js";
import { tooBusy } from "./services/errors.js";

/** How much is hashed at a time. */
export interface PasswordOptions {
  /** Hashes that are computed at a time. Defaults to the number of cores less one, so that calls still get answered. */
  readonly parallel?: number | undefined;
  /** Hashes that may wait for their turn. Defaults to 256, which is a second or two of work. */
  readonly maxWaiting?: number | undefined;
  /** What a new hash costs. Defaults to OWASP's parameters for argon2id: 19 MiB, two passes, one lane. */
  readonly cost?: Argon2Cost | undefined;
}

/**
 * Hashes passwords with argon2id, away from the event loop and a few at a time. Composed and decomposed characters are
 * the same password (NFKC).
 *
 * Each function rejects with the StatusError `RESOURCE_EXHAUSTED` `TOO_BUSY` when too many hashes wait already.
 */
export interface Passwords {
  /** A hash to store, with its salt and its parameters. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed, with argon2, bcrypt or scrypt; where it was hashed elsewhere, also as
   * it was typed. Without a hash, or with one that cannot be compared with, it is not, and finding that out takes as long as
   * with a hash of our own.
   */
  verify(hashed: string | undefined, password: string): Promise<boolean>;
  /** Whether a hash was made otherwise than {@link hash} makes it now, and should be renewed when the password is known. */
  isOutdated(hashed: string): boolean;
  /** Tells two passwords of one request id apart without being easier to guess from than the hash. */
  fingerprint(password: string, requestId: string): Promise<string>;
}

const owaspCost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Makes the hasher that all calls of a server share. */
export function createPasswords(options: PasswordOptions = {}): Passwords {
  const { parallel = Math.max(availableParallelism() - 1, 1), maxWaiting = 256, cost = owaspCost } = options;
  const limit = pLimit(parallel);
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    limit.pendingCount < maxWaiting
      ? limit(work)
      : Promise.reject(tooBusy(new Error(`${String(maxWaiting)} hashes are waiting`)));

  // The hash of a password that nobody knows, made at once so that the first to need it does not wait longer than others.
  const decoy = hash(randomUUID(), cost);
  decoy.catch(() => undefined); // whoever needs it hears of it
  const matchDecoy: MatchPassword = async (password) => {
    await verify(await decoy, password);
    return false;
  };

  return {
    hash: (password) => inTurn(() => hash(password.normalize("NFKC"), cost)),

    async verify(hashed, password) {
      const match = (hashed === undefined ? undefined : matcherOf(hashed, cost)) ?? matchDecoy;
      return inTurn(async () => {
        const normal = password.normalize("NFKC");
        return (await match(normal)) || (normal !== password && (await match(password)));
      });
    },

    isOutdated: (hashed) => isOutdated(hashed, cost),

    fingerprint: (password, requestId) =>
      inTurn(async () => {
        const salt = createHash("sha256").update(requestId).digest();
        const raw = await hashRaw(password.normalize("NFKC"), { ...cost, salt });
        return raw.toString("base64url");
      }),
  };
}
