import type { ServerInterceptor, StatusError } from "@rollcall/rpc";
import { type FaultSelection, strikes } from "./fault-selection.js";

/** Which calls to fail, and how many. */
export interface FailOptions extends FaultSelection {
  /** How many calls fail before the rest succeed, counted over all methods. Defaults to all of them. */
  readonly times?: number | undefined;
}

/** Ends calls with `status` before their handlers run. */
export function failCalls(status: StatusError, options: FailOptions = {}): ServerInterceptor {
  let left = options.times ?? Infinity;
  return (method) => {
    if (!strikes(options, method)) {
      return undefined;
    }
    return async function failCall(_call, next) {
      if (left > 0) {
        left--;
        throw status;
      }
      await next();
    };
  };
}
