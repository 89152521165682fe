import type { Method } from "../method.js";
import { IncomingCall } from "./incoming-call.js";
import type { Serve } from "./native-call.js";
import { statusOf, type UnexpectedErrorListener } from "./unexpected-error.js";

type Run = (call: IncomingCall) => Promise<void>;

/** Serves a method's calls by running `run` for each, and tells the client how it went. */
export function serveCalls(method: Method, run: Run, onUnexpectedError: UnexpectedErrorListener): Serve {
  return (native, request, end) => {
    void settle(new IncomingCall(method, native, request, end), run, onUnexpectedError);
  };
}

/** Runs a call to its end. Never rejects: a rejection in a grpc-js handler ends the process. */
async function settle(call: IncomingCall, run: Run, onUnexpectedError: UnexpectedErrorListener): Promise<void> {
  try {
    await run(call);
    call.succeed();
  } catch (error) {
    fail(call, error, onUnexpectedError);
  }
}

function fail(call: IncomingCall, error: unknown, onUnexpectedError: UnexpectedErrorListener): void {
  try {
    call.fail(statusOf(error, call, onUnexpectedError));
  } catch (failure) {
    // Details that cannot be written, such as a number out of its field's range.
    call.fail(statusOf(failure, call, onUnexpectedError));
  }
}
