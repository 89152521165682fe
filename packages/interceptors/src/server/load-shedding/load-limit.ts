import type { Method } from "@rollcall/rpc";

/** How the limit follows the latency. */
export interface LoadLimitOptions {
  /** Calls in flight below which none is refused, whatever the latency. Defaults to 20. */
  readonly minLimit?: number | undefined;
  /** Calls in flight above which each is refused, however low the latency. Defaults to 1,000. */
  readonly maxLimit?: number | undefined;
  /** The limit before anything is known of the latency. Defaults to 100, or what is nearest to it between the other two. */
  readonly initialLimit?: number | undefined;
  /** How many times its usual latency a call may take before the limit falls. Above 1; defaults to 2. */
  readonly tolerance?: number | undefined;
  /** How far the limit goes at each step towards what the latency suggests: above 0, at most 1. Defaults to 0.2. */
  readonly smoothing?: number | undefined;
  /** How often the limit is adjusted, provided that ten calls have ended since. Defaults to 1 second. */
  readonly windowMs?: number | undefined;
  /** A clock in milliseconds, from any point in time. Defaults to `performance.now`, which is never set back. */
  readonly now?: (() => number) | undefined;
}

/** How many calls a server takes at a time. */
export interface LoadLimit {
  /** Calls that may be in flight, as the latency has it now. */
  readonly limit: number;
  /** Calls that are in flight: unary ones, and streams that have just begun. */
  readonly inFlight: number;
  /** How a method's calls take part. Asked once for each method. */
  loadOf(method: Method): MethodLoad;
}

/** The calls of one method. */
export interface MethodLoad {
  /** Begins a call. Answers with what {@link end} wants to hear; undefined means that the call is to be refused. */
  begin(): number | undefined;
  /** Ends a call that was begun, and learns from its latency where that is `telling`. */
  end(begun: number, telling: boolean): void;
}
