import type { RateLimitPolicy } from "@rollcall/rpc";

/** What one caller may spend on a method, and by when it may do so again. */
export type RateLimit = Pick<RateLimitPolicy, "requests" | "perMs" | "cost">;

/**
 * Counts a call of whoever the key stands for. Answers how long that caller has to wait, in milliseconds: 0 when the call
 * may run. A promise only where the answer has to come from elsewhere.
 */
export type CountCall = (key: string) => number | Promise<number>;

/**
 * Where calls are counted. A window begins with a caller's first call and lasts `perMs`; what is spent in it is forgotten
 * when it is over. Calls that are refused spend nothing.
 */
export interface RateLimitStore {
  /** The counter for one method, by its path. Asked for once, when the service is bound. */
  counterOf(method: string, limit: RateLimit): CountCall;
}
