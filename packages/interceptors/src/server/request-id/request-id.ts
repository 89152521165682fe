import { type InterceptedServerCall, type ServerInterceptor, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { createRequestId } from "../../create-request-id.js";
import { requestIdName, setRequestId } from "../../request-id-key.js";

export { requestIdOf } from "../../request-id-key.js";

/** Where the ids of calls come from. */
export interface RequestIdOptions {
  /**
   * Whether a client may choose the id of its call, in `x-request-id`. By default it may, with 1 to 128 letters, digits
   * and `.`, `_`, `:`, `-`; give a pattern to take other ids of at most 128 characters, or false to take none. A call
   * whose id is not taken gets a new one.
   */
  readonly accept?: boolean | RegExp | undefined;
  /** Makes an id, of printable ASCII. Defaults to a random UUID. */
  readonly createId?: (() => string) | undefined;
}

const maxLength = 128;
const safePattern = /^[A-Za-z0-9._:-]+$/;

/**
 * Gives each call an id, which interceptors and handlers read with {@link requestIdOf}. Clients find it in the trailer, as
 * `x-request-id`, and in the `google.rpc.RequestInfo` of every error.
 *
 * Put it outside of whatever writes logs or ends calls, so that it is in all of them.
 *
 * @throws TypeError for a pattern with the flag `g` or `y`, which would remember where it last matched.
 */
export function requestId({ accept = true, createId = createRequestId }: RequestIdOptions = {}): ServerInterceptor {
  const pattern = patternOf(accept);
  return withConcern(
    "requestId",
    () =>
      async function requestId(call, next) {
        const id = (pattern && receivedId(call, pattern)) ?? createId();
        setRequestId(call, id);
        call.trailer.set(requestIdName, id);
        try {
          await next();
        } catch (error) {
          throw error instanceof StatusError && !error.received ? withRequestInfo(error, id) : error;
        }
      },
  );
}

function patternOf(accept: boolean | RegExp): RegExp | undefined {
  if (typeof accept === "boolean") {
    return accept ? safePattern : undefined;
  }
  if (accept.global || accept.sticky) {
    throw new TypeError(`accept is ${String(accept)}; it takes a pattern without the flags "g" and "y"`);
  }
  return accept;
}

/** The id that the client sent, if it may be taken. Several arrive as one, with a comma. */
function receivedId({ metadata }: InterceptedServerCall, pattern: RegExp): string | undefined {
  const id = metadata.get(requestIdName);
  return id !== undefined && id.length <= maxLength && pattern.test(id) ? id : undefined;
}

/** The same error, which tells the id as well. One that tells an id already stays as it is. */
function withRequestInfo(error: StatusError, requestId: string): StatusError {
  const { code, details, errorDetails, retryDelayMs } = error;
  if (errorDetails.requestInfo !== undefined) {
    return error;
  }
  return new StatusError(code, details, {
    errorDetails: { ...errorDetails, requestInfo: { requestId, servingData: "" } },
    retryDelayMs,
    ...("cause" in error ? { cause: error.cause } : {}),
  });
}
