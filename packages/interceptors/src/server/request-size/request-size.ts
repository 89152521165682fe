import {
  type InterceptedServerCall,
  type Layer,
  type MethodPolicy,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { checkMessages } from "../check-messages.js";

/** How large requests may be, and what is said of larger ones. */
export interface RequestSizeOptions {
  /** The policies by the path of the method, as `policiesByPath` answers. Without `maxRequestBytes` a method is left alone. */
  readonly policies: ReadonlyMap<string, Pick<MethodPolicy, "maxRequestBytes">>;
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `REQUEST_TOO_LARGE`. */
  readonly reason?: string | undefined;
}

/**
 * Ends calls with `RESOURCE_EXHAUSTED` of which a request message has more bytes than the method's policy allows: their
 * handler does not see it, nor what comes after it. The bytes are those of the message as it was encoded.
 *
 * What a message may have at all, `maxReceiveBytes` of the server says: it is refused unread.
 *
 * @throws TypeError when the service is bound, for a limit that is no whole number above 0.
 */
export function requestSize(options: RequestSizeOptions): ServerInterceptor {
  return withConcern("requestSize", ({ path, requestStream }) => {
    const limit = options.policies.get(path)?.maxRequestBytes;
    if (limit === undefined) {
      return undefined;
    }
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new TypeError(`maxRequestBytes of ${path} is ${limit}; it takes a whole number above 0`);
    }
    return requestStream ? eachMessage(limit, options) : oneMessage(limit, options);
  });
}

function oneMessage(limit: number, options: RequestSizeOptions): Layer<InterceptedServerCall> {
  return async function requestSize(call, next) {
    if (call.traffic.requestBytes > limit) {
      throw tooLarge(limit, options);
    }
    await next();
  };
}

function eachMessage(limit: number, options: RequestSizeOptions): Layer<InterceptedServerCall> {
  return async function requestSize(call, next) {
    const { traffic } = call;
    let seen = 0;
    let seenBytes = 0;
    await checkMessages(call, next, () => {
      // A handler that asks for several messages at once may have been given several before the first of them gets here.
      const allowedBytes = (traffic.requests - seen) * limit;
      const bytes = traffic.requestBytes - seenBytes;
      seen = traffic.requests;
      seenBytes = traffic.requestBytes;
      return bytes > allowedBytes ? tooLarge(limit, options) : undefined;
    });
  };
}

function tooLarge(limit: number, { domain, reason = "REQUEST_TOO_LARGE" }: RequestSizeOptions): StatusError {
  const errorInfo = { reason, domain, metadata: { limit: String(limit) } };
  return new StatusError(Status.RESOURCE_EXHAUSTED, `the request is larger than ${limit} bytes`, {
    errorDetails: { errorInfo },
  });
}
