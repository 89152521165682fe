import { type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { createRequestId as createRandomId } from "../../create-request-id.js";
import { requestIdOf } from "../../request-id-key.js";

/** The call that a failure ended. */
export interface FailedCall {
  /** The method as it was called: `/user.v1.UserService/GetUser`. */
  readonly method: string;
  /** What the client was told to quote. */
  readonly requestId: string;
  /** The client's address and port. */
  readonly peer: string;
}

/** What clients are told about a failure, and who hears of its cause. */
export interface RecoveryOptions {
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** Hears of each failure and its cause. Write both to a log: the client is told neither. */
  readonly onError: (error: unknown, call: FailedCall) => void;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `INTERNAL`. */
  readonly reason?: string | undefined;
  /**
   * Makes the id that ties what the client sees to what the log says, for calls that have none of `requestId`. Defaults to
   * a random UUID.
   */
  readonly createRequestId?: (() => string) | undefined;
}

/**
 * Ends calls that fail unexpectedly with `INTERNAL` and a request id, in `google.rpc.RequestInfo` and in words, and tells
 * clients nothing else. A {@link StatusError} that was made here passes; one that was received from another server does
 * not, since it was not meant for this client.
 *
 * The request id is that of `requestId`, where this stands further out. Of the others put those that may fail inside, so
 * that their failures are caught as well.
 */
export function recovery(options: RecoveryOptions): ServerInterceptor {
  const { domain, onError, reason = "INTERNAL", createRequestId = createRandomId } = options;
  return withConcern(
    "recovery",
    (method) =>
      async function recovery(call, next) {
        try {
          await next();
        } catch (error) {
          if (error instanceof StatusError && !error.received) {
            throw error;
          }
          const requestId = requestIdOf(call) ?? createRequestId();
          onError(error, { method: method.path, requestId, peer: call.peer });
          throw internalError(requestId, { reason, domain, metadata: {} }, error);
        }
      },
  );
}

function internalError(
  requestId: string,
  errorInfo: { readonly reason: string; readonly domain: string; readonly metadata: Record<string, string> },
  cause: unknown,
): StatusError {
  const details = `an internal error occurred; quote request id ${requestId} to whoever runs the server`;
  const errorDetails = { errorInfo, requestInfo: { requestId, servingData: "" } };
  return new StatusError(Status.INTERNAL, details, { errorDetails, cause });
}
