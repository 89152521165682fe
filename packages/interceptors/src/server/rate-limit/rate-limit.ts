import { type Method, type MethodPolicy, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { retryInfoAfter } from "../retry-info.js";
import { callerKeys } from "./caller-key.js";
import { createMemoryStore } from "./memory-store.js";
import type { RateLimit, RateLimitStore } from "./rate-limit-store.js";

export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from "./memory-store.js";
export type { CountCall, RateLimit, RateLimitStore } from "./rate-limit-store.js";

/** How often methods may be called, and what callers are told who call more often. */
export interface RateLimitOptions {
  /** The policies by the path of the method, as `policiesByPath` answers. Methods without a `rateLimit` are not counted. */
  readonly policies: ReadonlyMap<string, Pick<MethodPolicy, "rateLimit">>;
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `RATE_LIMITED`. */
  readonly reason?: string | undefined;
  /** Where calls are counted. Defaults to the memory of this process. */
  readonly store?: RateLimitStore | undefined;
}

/**
 * Ends calls with `RESOURCE_EXHAUSTED` whose caller has spent what the method's policy allows, before their handler runs.
 * The `google.rpc.RetryInfo` says when the caller may call again, and the `google.rpc.QuotaFailure` whose calls were
 * counted and what the limit is.
 *
 * Each method counts for itself: by user or API key where the policy says `subject`, with the address of the client for
 * those who did not sign in, or by address throughout. IPv6 addresses of one network of 64 bits count as one.
 *
 * Put it behind whatever finds out who calls, and behind `realIp` where there are proxies.
 *
 * @throws TypeError when the service is bound, for a limit that lets nothing through.
 */
export function rateLimit(options: RateLimitOptions): ServerInterceptor {
  const { policies, store = createMemoryStore() } = options;
  return withConcern("rateLimit", (method) => {
    const policy = policies.get(method.path)?.rateLimit;
    if (policy === undefined) {
      return undefined;
    }
    checkLimit(method, policy);
    const keyOf = callerKeys[policy.key];
    const count = store.counterOf(method.path, policy);
    const description = describeLimit(method, policy);
    return async function rateLimit(call, next) {
      const key = keyOf(call);
      const counted = count(key);
      const waitMs = typeof counted === "number" ? counted : await counted;
      if (waitMs > 0) {
        throw tooManyCalls(options, waitMs, { subject: key, description });
      }
      await next();
    };
  });
}

function tooManyCalls(
  { domain, reason = "RATE_LIMITED" }: RateLimitOptions,
  waitMs: number,
  violation: { readonly subject: string; readonly description: string },
): StatusError {
  return new StatusError(Status.RESOURCE_EXHAUSTED, "too many calls; try again later", {
    errorDetails: {
      errorInfo: { reason, domain, metadata: {} },
      retryInfo: retryInfoAfter(waitMs),
      quotaFailure: { violations: [violation] },
    },
  });
}

function describeLimit({ path }: Method, { requests, perMs, cost }: RateLimit): string {
  return `at most ${Math.floor(requests / cost)} calls of ${path} in ${perMs} ms`;
}

function checkLimit({ path }: Method, { requests, perMs, cost }: RateLimit): void {
  for (const [name, value] of Object.entries({ requests, perMs, cost })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new TypeError(`${name} of the rate limit of ${path} is ${value}; it takes a whole number above 0`);
    }
  }
  if (cost > requests) {
    throw new TypeError(`a call of ${path} costs ${cost}, more than the ${requests} of its rate limit`);
  }
}
