import { type Method, type MethodPolicy, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";

const slackMs = 20; // a timer may fire early

/** How long a method's calls may take: a method without either bound is left alone. */
export type DeadlinePolicy = Pick<MethodPolicy, "defaultDeadlineMs" | "maxDeadlineMs">;

/** Which deadlines calls are given, and which they may ask for. */
export interface DeadlineOptions {
  /** The policies by the path of the method, as `policiesByPath` answers. */
  readonly policies: ReadonlyMap<string, DeadlinePolicy>;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Sees to it that no call lasts longer than its method's policy allows. A call without a deadline is given the default, or
 * else the maximum; one with a later deadline than the maximum is ended by then, with `DEADLINE_EXCEEDED`, whether or not
 * its handler heeds the signal. A call whose deadline is over when it arrives ends so before its handler runs.
 *
 * Calls that a handler makes with `{ parent: call }` inherit what is left of this deadline.
 *
 * @see https://grpc.io/docs/guides/deadlines/
 * @throws TypeError when the service is bound, for a bound that is not above 0 or a default above the maximum.
 */
export function deadline({ policies, now = Date.now }: DeadlineOptions): ServerInterceptor {
  return withConcern("deadline", (method) => {
    const { defaultDeadlineMs, maxDeadlineMs } = policies.get(method.path) ?? {};
    const givenMs = checked(method, defaultDeadlineMs, maxDeadlineMs);
    if (givenMs === undefined) {
      return undefined;
    }
    const maxMs = maxDeadlineMs ?? Infinity;

    return async function deadline(call, next) {
      const asked = call.deadline;
      const nowMs = now();
      const remainingMs = asked === undefined ? Infinity : asked.getTime() - nowMs;
      if (remainingMs <= 0) {
        throw overdue();
      }
      if (asked === undefined) {
        call.limitDeadline(new Date(nowMs + givenMs));
      } else if (remainingMs > maxMs) {
        call.limitDeadline(new Date(nowMs + maxMs));
      }
      try {
        await next();
      } catch (error) {
        throw isInherited(error, call.deadline, now) ? overdue() : error;
      }
    };
  });
}

function overdue(): StatusError {
  return new StatusError(Status.DEADLINE_EXCEEDED, "the deadline of the call has passed");
}

/** Whether the error ended a call that inherited this deadline: it may be heard of a moment before the deadline itself. */
function isInherited(error: unknown, deadline: Date | undefined, now: () => number): boolean {
  return (
    error instanceof StatusError &&
    error.received &&
    error.code === Status.DEADLINE_EXCEEDED &&
    deadline !== undefined &&
    deadline.getTime() <= now() + slackMs
  );
}

/** What a call without a deadline is given, in milliseconds; undefined where the policy does not care. */
function checked(method: Method, defaultMs: number | undefined, maxMs: number | undefined): number | undefined {
  for (const [name, ms] of Object.entries({ defaultDeadlineMs: defaultMs, maxDeadlineMs: maxMs })) {
    if (ms !== undefined && !(Number.isFinite(ms) && ms > 0)) {
      throw new TypeError(`${name} of ${method.path} is ${ms}; it takes a number of milliseconds above 0`);
    }
  }
  if (defaultMs !== undefined && maxMs !== undefined && defaultMs > maxMs) {
    throw new TypeError(`defaultDeadlineMs of ${method.path} is ${defaultMs}, above its maxDeadlineMs of ${maxMs}`);
  }
  return defaultMs ?? maxMs;
}
