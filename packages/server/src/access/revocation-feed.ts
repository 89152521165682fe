import { setTimeout as sleep } from "node:timers/promises";
import type { Caller } from "@rollcall/interceptors/server/caller";
import type { Revocation } from "../storage/identity/revocation.js";
import type { Store } from "../storage/store.js";
import { RevokedCredentials } from "./revoked-credentials.js";

/** How revocations are learned of. */
export interface RevocationFeedOptions {
  readonly store: Pick<Store, "revocations">;
  /** How long a token counts, in milliseconds: so long, and a little longer, is it remembered that one was revoked. */
  readonly tokenLifetimeMs: number;
  /** Ends the feed when aborted. */
  readonly signal: AbortSignal;
  /** How often the store is looked at. Defaults to 250 milliseconds. */
  readonly everyMs?: number | undefined;
  /** Milliseconds that never run backwards. Defaults to `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** What is known of credentials that no longer count. */
export interface RevocationFeed {
  /** Whether the caller's credentials were revoked, as far as is known. */
  isRevoked(caller: Caller): boolean;
  /** Whether what is known is not older than a second. */
  isFresh(): boolean;
  /**
   * Looks into the store: what had been revoked a second ago, if not later, is known afterwards. Rejects with what the
   * store says when it does not answer.
   */
  refresh(): Promise<void>;
  /** Calls the listener whenever more was revoked. */
  onRevoked(listener: () => void): void;
  /** Resolves when the feed has ended. */
  readonly ended: Promise<void>;
}

/**
 * How long after its time a token may still be taken for good, in milliseconds: clocks differ, verifiers allow for that, and
 * a token can be a moment younger than the revocation that is meant for it. Revocations are kept for that much longer than
 * tokens count, in memory and in the store.
 */
const revocationMarginMs = 60_000;

const maxAgeMs = 1_000;
const pageSize = 1_000;

/**
 * Follows what is revoked on any server of the store. What was learned more than a second ago is not relied upon: whoever
 * checks credentials asks {@link RevocationFeed.isFresh} and waits for a look into the store where it is not.
 */
export function createRevocationFeed(options: RevocationFeedOptions): RevocationFeed {
  const { store, tokenLifetimeMs, signal, everyMs = 250, now = () => performance.now() } = options;
  const revoked = new RevokedCredentials({ keepMs: tokenLifetimeMs + revocationMarginMs, now });
  const listeners: (() => void)[] = [];
  let sequence = 0;
  let freshAtMs = -Infinity;
  let looking: Promise<void> | undefined;

  const isFresh = () => now() - freshAtMs <= maxAgeMs;

  async function look(): Promise<void> {
    const askedAtMs = now();
    let page: readonly Revocation[];
    let found = 0;
    do {
      page = await store.revocations.since(sequence, pageSize);
      page.forEach((revocation) => {
        revoked.add(revocation);
        sequence = revocation.sequence;
      });
      found += page.length;
    } while (page.length === pageSize);
    freshAtMs = askedAtMs;
    if (found > 0) {
      listeners.forEach((listener) => {
        listener();
      });
    }
  }

  const shareLook = () =>
    (looking ??= look().finally(() => {
      looking = undefined;
    }));

  async function refresh(): Promise<void> {
    await shareLook();
    if (!isFresh()) {
      await shareLook(); // the one before had begun too long ago; this one begins after the question
    }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      await shareLook().catch(() => undefined); // the database's state is watched elsewhere; here only freshness counts
      revoked.forgetOld();
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  return {
    isRevoked: (caller) => revoked.has(caller),
    isFresh,
    refresh,
    onRevoked: (listener) => {
      listeners.push(listener);
    },
    ended: follow(),
  };
}
