import {
  type ClientInterceptor,
  type InterceptedClientCall,
  type MethodPolicy,
  type Next,
  type ServiceConfig,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { CircuitOpenError } from "../circuit-breaker/circuit-open-error.js";
import { type BackoffOptions, createBackoff } from "./backoff.js";
import { fillKey } from "./fill-key.js";
import { isRepeatedByChannel } from "./repeated-by-channel.js";
import { RetryBudget, type RetryThrottling } from "./retry-budget.js";
import { type Sleep, sleepInRealTime } from "./sleep.js";

export type { RetryThrottling } from "./retry-budget.js";

/** A call that is about to be made again. */
export interface Repeat {
  /** The method as it is called: `/user.v1.UserService/GetUser`. */
  readonly method: string;
  /** How often the call has been made so far. */
  readonly attempts: number;
  /** How long is waited before it is made again, in milliseconds. */
  readonly delayMs: number;
  /** How it ended this time. */
  readonly error: StatusError;
}

/** Which calls are repeated, when, and how often. */
export interface RetryOptions extends BackoffOptions {
  /**
   * What the contract says of each method, by its path. A method whose policy has an `idempotencyKey` is safe to repeat
   * once that field of its request holds a key, so one is put there where the caller left it empty.
   */
  readonly policies?: ReadonlyMap<string, MethodPolicy> | undefined;
  /** What the channel was given. Calls that it repeats by itself while the server is unavailable are left to it. */
  readonly serviceConfig?: ServiceConfig | undefined;
  /** How often a call is made, the first time included: 2 to 5. Defaults to 4. */
  readonly maxAttempts?: number | undefined;
  /** The longest wait that a server may ask for; a call that is to wait longer fails at once. Defaults to 10,000 ms. */
  readonly maxPushbackMs?: number | undefined;
  /** When to stop repeating, over all methods. Defaults to that of {@link serviceConfig}, or 10 tokens and 0.1 back. */
  readonly throttling?: RetryThrottling | undefined;
  /** Hears of each repeat before the wait. */
  readonly onRetry?: ((repeat: Repeat) => void) | undefined;
  /** Makes the keys of calls that are safe to repeat only with one. Defaults to a random UUID. */
  readonly createKey?: (() => string) | undefined;
  /** Waits. Defaults to real time. */
  readonly sleep?: Sleep | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const mostAttempts = 5; // as many as gRPC itself makes of a call
const defaultThrottling: RetryThrottling = { maxTokens: 10, tokenRatio: 0.1 };

/**
 * Makes calls again that failed for now and are safe to repeat: unary ones of methods that the contract calls free of side
 * effects or idempotent, or that carry an idempotency key.
 *
 * They are repeated when the server is `UNAVAILABLE`, after a wait that grows or that the server asks for, and when a
 * resource is exhausted and the server says how long. A server that says not to is heeded. There is no repeat that could
 * not begin before the deadline, and none while most calls fail: the call then ends as it did the last time. Streams are
 * never repeated, since their reader has seen part of them.
 *
 * @see https://google.aip.dev/194
 * @throws TypeError for an option out of range.
 */
export function retry(options: RetryOptions = {}): ClientInterceptor {
  const { policies, serviceConfig, createKey = () => crypto.randomUUID() } = options;
  const budget = new RetryBudget(options.throttling ?? serviceConfig?.retryThrottling ?? defaultThrottling);
  const repeat = createRepeat(options, budget);
  return withConcern("retry", (method) => {
    const key = policies?.get(method.path)?.idempotencyKey;
    if (method.kind !== "unary" || (method.idempotencyLevel === undefined && key === undefined)) {
      return undefined;
    }
    const leftToChannel = isRepeatedByChannel(method, serviceConfig);
    return async function retry(call, next) {
      if (key !== undefined) {
        fillKey(call.request, key, createKey);
      }
      try {
        await next();
      } catch (error) {
        await repeat(call, next, error, leftToChannel);
      }
      budget.succeed();
    };
  });
}

type RepeatCall = (call: InterceptedClientCall, next: Next, failure: unknown, leftToChannel: boolean) => Promise<void>;

/** Makes what repeats a call that failed, until it succeeds or fails for good. */
function createRepeat(options: RetryOptions, budget: RetryBudget): RepeatCall {
  const { sleep = sleepInRealTime, now = Date.now, onRetry } = options;
  const maxAttempts = checkedAttempts(options.maxAttempts);
  const maxPushbackMs = checkedPushback(options.maxPushbackMs);
  const backoff = createBackoff(options);
  return async (call, next, failure, leftToChannel) => {
    let error = failure;
    let backoffs = 0;
    for (let attempts = 1; isTransient(error, leftToChannel) && budget.fail() && attempts < maxAttempts; attempts++) {
      const pushbackMs = error.retryDelayMs;
      const delayMs = pushbackMs ?? backoff(backoffs);
      if (delayMs < 0 || delayMs > maxPushbackMs || !endsBefore(call.deadline, now() + delayMs)) {
        break;
      }
      backoffs = pushbackMs === undefined ? backoffs + 1 : 0;
      onRetry?.({ method: call.method.path, attempts, delayMs, error });
      await pause(call, delayMs, sleep);
      try {
        await next();
        return;
      } catch (again) {
        error = again;
      }
    }
    throw error;
  };
}

/** Whether a call that failed like this may succeed when it is made again. */
function isTransient(error: unknown, leftToChannel: boolean): error is StatusError {
  if (!(error instanceof StatusError) || error instanceof CircuitOpenError) {
    return false;
  }
  switch (error.code) {
    case Status.UNAVAILABLE:
      return !leftToChannel;
    case Status.RESOURCE_EXHAUSTED:
      return error.retryDelayMs !== undefined;
    default:
      return false;
  }
}

function endsBefore(deadline: Date | undefined, timeMs: number): boolean {
  return deadline === undefined || timeMs < deadline.getTime();
}

async function pause({ signal }: InterceptedClientCall, delayMs: number, sleep: Sleep): Promise<void> {
  try {
    await sleep(delayMs, signal);
  } catch (cause) {
    throw new StatusError(Status.CANCELLED, "the call was cancelled by its caller", { cause, received: true });
  }
}

function checkedAttempts(maxAttempts = 4): number {
  if (!Number.isInteger(maxAttempts) || maxAttempts < 2 || maxAttempts > mostAttempts) {
    throw new TypeError(`maxAttempts is ${maxAttempts}; it takes a whole number from 2 to ${mostAttempts}`);
  }
  return maxAttempts;
}

function checkedPushback(maxPushbackMs = 10_000): number {
  if (!(maxPushbackMs >= 0 && Number.isFinite(maxPushbackMs))) {
    throw new TypeError(`maxPushbackMs is ${maxPushbackMs}; it takes a number of milliseconds, 0 or more`);
  }
  return maxPushbackMs;
}
