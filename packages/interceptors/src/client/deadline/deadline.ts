import { type ClientInterceptor, deadlineIn, type Method, type MethodPolicy } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";

/** Which deadlines calls are given, and which they may ask for. One of the first two has to be there. */
export interface DeadlineOptions {
  /**
   * What the contract says of each method, by its path: how long a call may take whose caller does not say, and how long
   * any may take. Calls that ask for more are given the longest.
   */
  readonly policies?: ReadonlyMap<string, MethodPolicy> | undefined;
  /**
   * How long a call may take of a method that {@link policies} do not name, in milliseconds: the same for all of them, or
   * as a function of the method, which answers undefined for methods that need no deadline, such as streams that are meant
   * to stay open.
   */
  readonly timeoutMs?: number | ((method: Method) => number | undefined) | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Gives calls that have no deadline one, so that none waits for ever: it then ends with `DEADLINE_EXCEEDED`, on the server
 * as well. A deadline that the caller gave stays as it is, unless the method's policy allows less.
 *
 * @see https://grpc.io/docs/guides/deadlines/
 * @throws TypeError if there is nothing to go by, and when the client is created for a time that is not above 0.
 */
export function deadline(options: DeadlineOptions): ClientInterceptor {
  const { policies, timeoutMs, now = Date.now } = options;
  if (policies === undefined && timeoutMs === undefined) {
    throw new TypeError("deadline needs timeoutMs or policies, to know how long calls may take");
  }
  return withConcern("deadline", (method) => {
    const { defaultMs, maxMs } = boundsOf(method, options);
    if (defaultMs === undefined && maxMs === undefined) {
      return undefined;
    }
    return function deadline(call, next) {
      if (call.deadline === undefined) {
        call.deadline = defaultMs === undefined ? undefined : deadlineIn(defaultMs, now);
      } else if (maxMs !== undefined && call.deadline.getTime() > now() + maxMs) {
        call.deadline = deadlineIn(maxMs, now);
      }
      return next();
    };
  });
}

interface Bounds {
  readonly defaultMs: number | undefined;
  readonly maxMs: number | undefined;
}

function boundsOf(method: Method, { policies, timeoutMs }: DeadlineOptions): Bounds {
  const policy = policies?.get(method.path);
  if (policy !== undefined) {
    return {
      defaultMs: checked("defaultDeadlineMs", policy.defaultDeadlineMs, method),
      maxMs: checked("maxDeadlineMs", policy.maxDeadlineMs, method),
    };
  }
  const ms = typeof timeoutMs === "function" ? timeoutMs(method) : timeoutMs;
  return { defaultMs: checked("timeoutMs", ms, method), maxMs: undefined };
}

function checked(name: string, ms: number | undefined, { path }: Method): number | undefined {
  if (ms !== undefined && (!Number.isFinite(ms) || ms <= 0)) {
    throw new TypeError(`${name} of ${path} is ${ms}; it takes a number of milliseconds above 0`);
  }
  return ms;
}
