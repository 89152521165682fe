import { type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { type FaultSelection, strikes } from "./fault-selection.js";

/** Which streams to break off, and with what. */
export interface DropOptions extends FaultSelection {
  /** How the stream ends. Defaults to `UNAVAILABLE`, as when a connection is lost. */
  readonly status?: StatusError | undefined;
}

/** Breaks responses that are streamed off after the first `messages` of them. */
export function dropAfter(messages: number, options: DropOptions = {}): ServerInterceptor {
  const { status = new StatusError(Status.UNAVAILABLE, `dropped after ${String(messages)} messages`) } = options;
  return (method) => {
    if (!method.responseStream || !strikes(options, method)) {
      return undefined;
    }
    return async function dropCall(call, next) {
      let sent = 0;
      call.onResponse(() => {
        sent++;
        if (sent > messages) {
          throw status;
        }
      });
      await next();
    };
  };
}
