import { Status, StatusError } from "@rollcall/rpc";

/**
 * The status that a server ends a call with whose handler failed with this. What was received from another server and what
 * is no status at all reaches the client as `INTERNAL`.
 */
export function statusOnServer(error: unknown): Status {
  return error instanceof StatusError && !error.received ? error.code : Status.INTERNAL;
}

/** The status of a call that failed with this at the client. What is no status was thrown by the program itself: `UNKNOWN`. */
export function statusOnClient(error: unknown): Status {
  return error instanceof StatusError ? error.code : Status.UNKNOWN;
}
