import type { Interceptor, Layer, Method } from "@rollcall/rpc";

/** What stands around a server's calls, outermost first. */
export const serverConcerns = [
  "realIp",
  "requestId",
  "tracing",
  "metrics",
  "logging",
  "recovery",
  "drain",
  "deadline",
  "loadShedding",
  "auth",
  "authorize",
  "rateLimit",
  "requestSize",
  "validate",
  "idempotency",
] as const;

/** What stands around a client's calls, outermost first. */
export const clientConcerns = [
  "deadline",
  "requestId",
  "tracing",
  "metrics",
  "logging",
  "retry",
  "circuitBreaker",
  "auth",
] as const;

/** A concern of this package. */
export type Concern = (typeof serverConcerns)[number] | (typeof clientConcerns)[number];

/** An interceptor that says which concern it is. */
export function withConcern<C>(
  concern: Concern,
  interceptor: (method: Method) => Layer<C> | undefined,
): Interceptor<C> {
  return Object.assign(interceptor, { concern });
}
