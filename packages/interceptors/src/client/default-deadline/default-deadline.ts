import { type ClientInterceptor, deadlineIn, type Method } from "@rollcall/rpc";

/** Which deadline calls are given. */
export interface DefaultDeadlineOptions {
  /**
   * How long a call may take, in milliseconds: the same for all methods, or as a function of the method, which answers
   * undefined for methods that need no deadline, such as streams that are meant to stay open.
   */
  readonly timeoutMs: number | ((method: Method) => number | undefined);
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Gives calls that have no deadline one, so that none waits for ever: it then ends with `DEADLINE_EXCEEDED`, on the server
 * as well. A deadline that the caller gave stays as it is.
 *
 * @see https://grpc.io/docs/guides/deadlines/
 * @throws TypeError when the client is created, for a time that is not above 0.
 */
export function defaultDeadline({ timeoutMs, now = Date.now }: DefaultDeadlineOptions): ClientInterceptor {
  return (method) => {
    const methodTimeoutMs = typeof timeoutMs === "number" ? timeoutMs : timeoutMs(method);
    if (methodTimeoutMs === undefined) {
      return undefined;
    }
    if (!Number.isFinite(methodTimeoutMs) || methodTimeoutMs <= 0) {
      throw new TypeError(
        `timeoutMs of ${method.path} is ${String(methodTimeoutMs)}; it takes a number of milliseconds above 0`,
      );
    }
    return async function defaultDeadline(call, next) {
      call.deadline ??= deadlineIn(methodTimeoutMs, now);
      await next();
    };
  };
}
