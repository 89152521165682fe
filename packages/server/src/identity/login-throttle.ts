import { LRUCache } from "lru-cache";
import { type FailureRule, Failures } from "./failures.js";
import { networkOf } from "./network-of.js";
import { digestOf } from "./secret.js";

/** Who tries to sign in, and from where. */
interface LoginAttempt {
  /** The account that was named, as its only spelling. Whether it is anybody's makes no difference. */
  readonly account: string;
  /** The address of the client. */
  readonly peer: string;
}

/** What becomes of an attempt. */
export type Admission =
  /** It may go on. It counts as failed until it is said to be otherwise. */
  | {
      readonly kind: "admitted";
      /** The password was right: the account has no failures from this address any more. */
      succeed(): void;
      /** No password was compared. */
      withdraw(): void;
    }
  /** It comes too early, and is not counted. */
  | { readonly kind: "refused"; readonly waitMs: number };

/** How failed attempts are counted. */
export interface LoginThrottleOptions {
  /** How many accounts and addresses are remembered. Defaults to 100,000. */
  readonly max?: number | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Slows down those who guess passwords, and nobody else: after a few failures an address has to wait before it may try the
 * same account again, twice as long after each further one, and after many also before it may try others. An account that
 * many addresses try admits one attempt of strangers a second. An address from which its owner has signed in is no
 * stranger: it waits for its own failures with this account, and for nobody else's. Of IPv6, a network of 64 bits is one
 * address. Failures count for an hour.
 *
 * An attempt counts as failed from the start, so that many at once are no way around it.
 */
export interface LoginThrottle {
  /** Counts an attempt, unless it comes too early. */
  begin(attempt: LoginAttempt): Admission;
}

interface Counter {
  readonly key: string;
  readonly rule: FailureRule;
}

const minuteMs = 60_000;
const trustedForMs = 90 * 24 * 60 * minuteMs;

const rules = {
  pair: { free: 5, firstWaitMs: 1_000, longestWaitMs: 15 * minuteMs },
  peer: { free: 50, firstWaitMs: 1_000, longestWaitMs: minuteMs },
  account: { free: 100, firstWaitMs: 1_000, longestWaitMs: 1_000 },
} satisfies Record<string, FailureRule>;

/** Makes the throttle that all sign-ins of a server share. */
export function createLoginThrottle({ max = 100_000, now = Date.now }: LoginThrottleOptions = {}): LoginThrottle {
  const failures = new Failures({ max, now });
  const trusted = new LRUCache<string, number>({ max });

  const admit = (pair: Counter, strangers: readonly Counter[]): Admission => {
    const counters = [pair, ...strangers];
    counters.forEach(({ key, rule }) => {
      failures.count(key, rule);
    });
    const takeBack = ({ key }: Counter) => {
      failures.takeBack(key);
    };
    return {
      kind: "admitted",
      succeed() {
        trusted.set(pair.key, now() + trustedForMs);
        failures.forget(pair.key);
        strangers.forEach(takeBack); // and no more: an own account in between is of no use to who guesses others'
      },
      withdraw() {
        counters.forEach(takeBack);
      },
    };
  };

  return {
    begin(attempt) {
      const { pair, peer, account } = countersOf(attempt);
      const strangers = now() < (trusted.get(pair.key) ?? 0) ? [] : [peer, account];
      const waitMs = Math.max(...[pair, ...strangers].map(({ key }) => failures.waitMs(key)));
      return waitMs > 0 ? { kind: "refused", waitMs } : admit(pair, strangers);
    },
  };
}

/** Accounts are kept as digests: short ones, and people type their passwords into any field. */
function countersOf(attempt: LoginAttempt) {
  const peer = networkOf(attempt.peer);
  const account = digestOf(attempt.account);
  return {
    pair: { key: `pair ${peer} ${account}`, rule: rules.pair },
    peer: { key: `peer ${peer}`, rule: rules.peer },
    account: { key: `account ${account}`, rule: rules.account },
  };
}
