import type { InterceptedServerCall, MessageHook } from "@rollcall/rpc";
import { requestIdOf } from "../../request-id-key.js";
import type { CallLogger } from "./call-logger.js";
import { loggable } from "./loggable.js";

/**
 * Takes out of a method's messages what must not be shown. Without a function, the messages of that direction are not shown.
 * Each is written as a method, so that a function of the message's own type fits.
 */
export interface PayloadRedaction {
  /** A copy of a request that may be written to a log. */
  request?(message: unknown): unknown;
  /** A copy of a response that may be written to a log. */
  response?(message: unknown): unknown;
}

/** Most characters of a message that are shown. */
const maxLength = 4_096;

/** Writes each message of the call that may be shown, at the level `trace`. */
export function writePayload(call: InterceptedServerCall, logger: CallLogger, redaction: PayloadRedaction): void {
  if (redaction.request !== undefined) {
    call.onRequest(messageWriter(call, logger, redaction, "request"));
  }
  if (redaction.response !== undefined) {
    call.onResponse(messageWriter(call, logger, redaction, "response"));
  }
}

function messageWriter(
  call: InterceptedServerCall,
  logger: CallLogger,
  redaction: PayloadRedaction,
  direction: "request" | "response",
): MessageHook {
  const origin = { method: call.method.path, requestId: requestIdOf(call) };
  return (message) => {
    try {
      logger.trace({ ...origin, [direction]: loggable(redaction[direction]?.(message), maxLength) }, direction);
    } catch {
      // A message that cannot be shown is not shown; the call goes on.
    }
  };
}
