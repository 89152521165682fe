import type { ErrorDetails } from "@rollcall/rpc";

type RetryInfo = NonNullable<ErrorDetails["retryInfo"]>;

/** Asks clients to wait for so many milliseconds, rounded up, before they make the call again. */
export function retryInfoAfter(delayMs: number): RetryInfo {
  const wholeMs = Math.ceil(delayMs);
  return { retryDelay: { seconds: BigInt(Math.floor(wholeMs / 1_000)), nanos: (wholeMs % 1_000) * 1_000_000 } };
}
