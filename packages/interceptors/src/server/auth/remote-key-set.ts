import { errors, type JSONWebKeySet } from "jose";
import { UnverifiableCredentialsError } from "./credential-source.js";
import { checkNumbers } from "./check-numbers.js";
import { fetchKeys } from "./fetch-keys.js";
import { createKeySet, type KeySet } from "./key-set.js";

/** Where keys come from, and how long they are relied on. */
export interface RemoteKeySetOptions {
  /** The JSON Web Key Set, over https, or over http where the host is this machine. */
  readonly url: URL | string;
  /** Takes keys over http from another machine: whoever can read along can then replace them. Defaults to false. */
  readonly insecure?: boolean | undefined;
  /** How old keys get before they are fetched again. Defaults to 10 minutes. */
  readonly cacheMs?: number | undefined;
  /** How old keys get before they no longer count, while the host is down. Defaults to 24 hours. */
  readonly maxStaleMs?: number | undefined;
  /** How long after one fetch the next may follow, when a token names a key that is unknown. Defaults to 30 seconds. */
  readonly cooldownMs?: number | undefined;
  /** How long a fetch may take. Defaults to 3 seconds. */
  readonly timeoutMs?: number | undefined;
  /** The most keys. Defaults to 100. */
  readonly maxKeys?: number | undefined;
  /** The largest answer. Defaults to 256 KiB. */
  readonly maxBytes?: number | undefined;
  /** Defaults to the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const retryMs = 1_000;
const minuteMs = 60_000;

/**
 * Keys that an issuer publishes. They are fetched when the first token comes, again when they have grown old, and when a
 * token names a key that is unknown, so that the issuer can rotate them. While the host is down, the keys that were fetched
 * before go on counting; where there are none, calls with tokens end with `UNAVAILABLE`.
 *
 * @throws TypeError for an address that is not https, a number that is not above 0, or `maxStaleMs` below `cacheMs`.
 */
export function remoteKeySet(options: RemoteKeySetOptions): KeySet {
  return new RemoteKeySet(options);
}

class RemoteKeySet implements KeySet {
  readonly #fetch: () => Promise<JSONWebKeySet>;
  readonly #now: () => number;
  readonly #cacheMs: number;
  readonly #maxStaleMs: number;
  readonly #cooldownMs: number;
  readonly #keys = createKeySet({ keys: [] });
  #text = "";
  #fetchedAtMs = -Infinity;
  #nextFetchAtMs = -Infinity;
  #fetching: Promise<void> | undefined;
  #failure: unknown;

  constructor({
    url,
    insecure = false,
    cacheMs = 10 * minuteMs,
    maxStaleMs = 24 * 60 * minuteMs,
    cooldownMs = minuteMs / 2,
    timeoutMs = 3_000,
    maxKeys = 100,
    maxBytes = 256 * 1024,
    fetch = globalThis.fetch,
    now = Date.now,
  }: RemoteKeySetOptions) {
    checkNumbers({ cacheMs, maxStaleMs, cooldownMs, timeoutMs, maxKeys, maxBytes });
    if (maxStaleMs < cacheMs) {
      throw new TypeError(`maxStaleMs is ${maxStaleMs}; it takes at least the ${cacheMs} of cacheMs`);
    }
    const source = keyUrl(url, insecure);
    this.#fetch = () => fetchKeys(source, { timeoutMs, maxKeys, maxBytes, fetch });
    this.#now = now;
    this.#cacheMs = cacheMs;
    this.#maxStaleMs = maxStaleMs;
    this.#cooldownMs = cooldownMs;
  }

  get version(): number {
    return this.#keys.version;
  }

  async find(...token: Parameters<KeySet["find"]>): ReturnType<KeySet["find"]> {
    await this.#freshen();
    try {
      return await this.#keys.find(...token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) {
        throw error;
      }
      await this.#refetch();
      if (this.#failure !== undefined) {
        throw new UnverifiableCredentialsError("the key is unknown, and the keys cannot be fetched", {
          cause: this.#failure,
        });
      }
      return this.#keys.find(...token);
    }
  }

  /** Fetches keys that are old: behind the back of the calls at first, while they wait once nobody has asked for long. */
  async #freshen(): Promise<void> {
    const ageMs = this.#now() - this.#fetchedAtMs;
    if (ageMs > this.#cacheMs) {
      const refetched = this.#refetch();
      if (ageMs > 2 * this.#cacheMs || ageMs > this.#maxStaleMs) {
        await refetched;
      }
    }
    if (this.#now() - this.#fetchedAtMs > this.#maxStaleMs) {
      throw new UnverifiableCredentialsError("the keys cannot be fetched", { cause: this.#failure });
    }
  }

  /** Fetches the keys unless that is under way, or was done a moment ago. Never rejects: those at hand go on counting. */
  #refetch(): Promise<void> {
    if (this.#fetching === undefined && this.#now() >= this.#nextFetchAtMs) {
      this.#fetching = this.#load().finally(() => {
        this.#fetching = undefined;
      });
    }
    return this.#fetching ?? Promise.resolve();
  }

  async #load(): Promise<void> {
    try {
      const keys = await this.#fetch();
      const text = JSON.stringify(keys);
      if (text !== this.#text) {
        this.#keys.replace(keys);
        this.#text = text;
      }
      this.#failure = undefined;
      this.#fetchedAtMs = this.#now();
      this.#nextFetchAtMs = this.#fetchedAtMs + this.#cooldownMs;
    } catch (error) {
      this.#failure = error;
      this.#nextFetchAtMs = this.#now() + Math.min(retryMs, this.#cooldownMs);
    }
  }
}

/** The address as it was configured, if keys that come from there can be relied on. */
function keyUrl(address: URL | string, insecure: boolean): URL {
  const url = new URL(address);
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && (isLocal || insecure))) {
    throw new TypeError(
      `keys come over https; ${url.protocol}//${url.host} is not, and only http can be allowed by insecure`,
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("the address of keys holds a user or a password; public keys need none");
  }
  return url;
}
