import type { ServerCall } from "../call.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";

/** Hears of a failure that no handler foresaw, and of the call that it ended. */
export type UnexpectedErrorListener = (error: unknown, call: ServerCall) => void;

/** Writes the failure to standard error. */
export const reportToConsole: UnexpectedErrorListener = (error, call) => {
  console.error(`${call.method.path} failed unexpectedly:`, error);
};

/** Tells the listener. What the listener itself throws must not end the process, so it is written to standard error. */
export function reportUnexpected(error: unknown, call: ServerCall, listener: UnexpectedErrorListener): void {
  try {
    listener(error, call);
  } catch (failure) {
    reportToConsole(error, call);
    reportToConsole(failure, call);
  }
}

/**
 * The status to end a call with. Only a {@link StatusError} that was made here may reach the client: the text of any
 * other error may tell internals, and a status received from another server was not meant for this client.
 */
export function statusOf(error: unknown, call: ServerCall, onUnexpectedError: UnexpectedErrorListener): StatusError {
  if (error instanceof StatusError && !error.received) {
    return error;
  }
  reportUnexpected(error, call, onUnexpectedError);
  return new StatusError(Status.INTERNAL, "the server failed unexpectedly", { cause: error });
}
