import { createKeySet, type KeySet, UnverifiableCredentialsError } from "@rollcall/interceptors/server/auth";
import type { CryptoKey, JSONWebKeySet } from "jose";
import type { SigningKey } from "../storage/identity/signing-key.js";
import type { Store, Unit } from "../storage/store.js";
import { importPrivate, makeSigningKey, publicJwk } from "./signing-key-jwk.js";

/** How keys come and go. */
export interface SigningKeysOptions {
  /** How old a key gets before the next one is made, in milliseconds. Defaults to 30 days. */
  readonly rotateAfterMs?: number | undefined;
  /**
   * How long a key is published before it signs, in milliseconds: whoever keeps a copy of the JWKS learns of it meanwhile.
   * The first key of all signs at once. Defaults to 10 minutes.
   */
  readonly publishAheadMs?: number | undefined;
  /** How long what a key has signed counts, in milliseconds: so long is it kept after its last signature. */
  readonly tokenLifetimeMs: number;
  /** How soon after a look into the store the next may follow, for a key that is not known. Defaults to 1 second. */
  readonly reloadAfterMs?: number | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A key to sign with. */
interface CurrentKey {
  /** What tokens name in `kid`. */
  readonly id: string;
  readonly privateKey: CryptoKey;
}

/** The keys that access tokens are signed with and verified by. All servers on a store share them. */
export interface SigningKeys extends KeySet {
  /** The key to sign with now: the newest that has been published for long enough. */
  current(): Promise<CurrentKey>;
  /**
   * The public keys of all tokens that may still count, and of those to come.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
   */
  jwks(): Promise<JSONWebKeySet>;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The keys that a store holds. Nothing is read before a key is needed. */
export function createSigningKeys(store: Store, options: SigningKeysOptions): SigningKeys {
  return new StoredSigningKeys(store, options);
}

class StoredSigningKeys implements SigningKeys {
  readonly #store: Store;
  readonly #rotateAfterMs: number;
  readonly #publishAheadMs: number;
  readonly #keepMs: number;
  readonly #reloadAfterMs: number;
  readonly #now: () => number;
  readonly #public = createKeySet({ keys: [] });
  #known: readonly SigningKey[] = [];
  #loading: Promise<void> | undefined;
  #loadedAtMs = -Infinity;

  constructor(store: Store, options: SigningKeysOptions) {
    this.#store = store;
    this.#rotateAfterMs = options.rotateAfterMs ?? 30 * dayMs;
    this.#publishAheadMs = options.publishAheadMs ?? 10 * minuteMs;
    this.#keepMs = this.#rotateAfterMs + this.#publishAheadMs + options.tokenLifetimeMs + minuteMs; // clocks differ
    this.#reloadAfterMs = options.reloadAfterMs ?? 1_000;
    this.#now = options.now ?? Date.now;
  }

  get version(): number {
    return this.#public.version;
  }

  async find(...[header, token]: Parameters<KeySet["find"]>): Promise<CryptoKey> {
    if (!this.#known.some(({ id }) => id === header.kid)) {
      await this.#reload().catch((cause: unknown) => {
        throw new UnverifiableCredentialsError("the key is not known here, and the store does not answer", { cause });
      });
    }
    return this.#public.find(header, token);
  }

  async jwks(): Promise<JSONWebKeySet> {
    await this.#reload();
    return { keys: this.#known.map(publicJwk) };
  }

  async current(): Promise<CurrentKey> {
    if (this.#isRotationDue(this.#known)) {
      await this.#reload(); // another server may have rotated them
    }
    if (this.#isRotationDue(this.#known)) {
      await this.#rotate();
    }
    const key = this.#known.find((known) => this.#ageMs(known) >= this.#publishAheadMs) ?? this.#known.at(-1);
    if (key === undefined) {
      throw new Error("the store has no signing key, though one was just made");
    }
    return { id: key.id, privateKey: await importPrivate(key) };
  }

  #isRotationDue([newest]: readonly SigningKey[]): boolean {
    return newest === undefined || this.#ageMs(newest) >= this.#rotateAfterMs;
  }

  #ageMs({ createdAt }: SigningKey): number {
    return this.#now() - createdAt.getTime();
  }

  async #rotate(): Promise<void> {
    const made = await makeSigningKey();
    this.#take(await this.#store.write((unit) => this.#replaceOld(unit, made)));
  }

  /** Puts the key in place unless another server has just done so, and removes those that nothing counts of any more. */
  async #replaceOld(unit: Unit, made: Omit<SigningKey, "createdAt">): Promise<readonly SigningKey[]> {
    const keys = await unit.signingKeys.listForUpdate();
    if (this.#isRotationDue(keys)) {
      await unit.signingKeys.insert(made);
    }
    // The newest of them signs until the new one does, however old it is.
    for (const old of keys.slice(1).filter((key) => this.#ageMs(key) > this.#keepMs)) {
      await unit.signingKeys.delete(old.id);
    }
    return unit.signingKeys.list();
  }

  async #reload(): Promise<void> {
    if (this.#now() - this.#loadedAtMs < this.#reloadAfterMs) {
      return;
    }
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
    await this.#loading;
  }

  async #load(): Promise<void> {
    this.#take(await this.#store.signingKeys.list());
    this.#loadedAtMs = this.#now();
  }

  #take(keys: readonly SigningKey[]): void {
    const isSame = keys.map(({ id }) => id).join() === this.#known.map(({ id }) => id).join();
    this.#known = keys;
    if (!isSame) {
      this.#public.replace({ keys: keys.map(publicJwk) });
    }
  }
}
