import { hash } from "node:crypto";
import { StatusError } from "@rollcall/rpc";
import type { Caller } from "../caller.js";
import { Answers } from "./answers.js";
import { checkNumbers } from "./check-numbers.js";
import { type CredentialSource, UnverifiableCredentialsError } from "./credential-source.js";

/** Where API keys are, and who knows them. */
export interface ApiKeyOptions {
  /**
   * Whose key it is, by its SHA-256 in hexadecimal digits: keys themselves need not be stored anywhere. Undefined when there
   * is none, or no longer. What it throws means that nobody can tell now (`UNAVAILABLE`), unless it is a StatusError.
   */
  readonly lookup: (sha256: string) => Caller | undefined | Promise<Caller | undefined>;
  /** Under which key of the metadata they come. Defaults to `x-api-key`. */
  readonly metadataKey?: string | undefined;
  /** The longest key. Defaults to 1 KiB. */
  readonly maxKeyBytes?: number | undefined;
  readonly cache?:
    | {
        /** How many keys are remembered. Defaults to 10,000. */
        readonly max?: number | undefined;
        /** How long what was looked up counts: so long does a key work that was revoked. Defaults to 1 second. */
        readonly ttlMs?: number | undefined;
      }
    | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

interface Found {
  readonly caller: Caller | undefined;
}

const maxUnknown = 1_000;

/**
 * API keys in the metadata, as `x-api-key: …`. They are hashed before anything else is done with them, so that neither a
 * store nor the time of an answer gives one away.
 *
 * @throws TypeError for a number that is not above 0.
 */
export function apiKey({
  lookup,
  metadataKey = "x-api-key",
  maxKeyBytes = 1024,
  cache: { max = 10_000, ttlMs = 1_000 } = {},
  now = Date.now,
}: ApiKeyOptions): CredentialSource {
  checkNumbers({ maxKeyBytes, "cache.max": max, "cache.ttlMs": ttlMs });
  const known = new Answers<Found>({ max, now });
  const unknown = new Answers<Found>({ max: maxUnknown, now }); // apart, so that guesses push out no key that counts

  const ask = async (sha256: string): Promise<Found> => {
    const found = { caller: await lookUp(lookup, sha256) };
    (found.caller === undefined ? unknown : known).keep(sha256, found, now() + ttlMs);
    return found;
  };
  const admit = ({ caller }: Found): Caller => {
    if (caller === undefined || (caller.expiresAt !== undefined && caller.expiresAt.getTime() <= now())) {
      throw new Error(caller === undefined ? "the API key is unknown" : "the API key has expired");
    }
    return caller;
  };

  return function apiKey({ metadata }) {
    const key = metadata.get(metadataKey);
    if (key === undefined) {
      return undefined;
    }
    if (key.length === 0 || key.length > maxKeyBytes) {
      throw new RangeError(`the API key is ${key.length} bytes long; it takes 1 to ${maxKeyBytes}`);
    }
    const sha256 = hash("sha256", key);
    const found = known.recall(sha256) ?? unknown.recall(sha256);
    return found === undefined ? known.ask(sha256, () => ask(sha256)).then(admit) : admit(found);
  };
}

async function lookUp(lookup: ApiKeyOptions["lookup"], sha256: string): Promise<Caller | undefined> {
  try {
    return await lookup(sha256);
  } catch (error) {
    if (error instanceof StatusError) {
      throw error;
    }
    throw new UnverifiableCredentialsError("the API key could not be looked up", { cause: error });
  }
}
