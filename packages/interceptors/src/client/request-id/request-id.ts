import type { ClientInterceptor } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { createRequestId } from "../../create-request-id.js";
import { requestIdName, requestIdOf, setRequestId } from "../../request-id-key.js";

export { requestIdOf } from "../../request-id-key.js";

/** Where the ids of calls come from. */
export interface RequestIdOptions {
  /** Makes an id, of printable ASCII. Defaults to a random UUID. */
  readonly createId?: (() => string) | undefined;
}

/**
 * Sends an id with each call, as `x-request-id`, by which it is found in the logs of both sides: the one that the caller
 * put into the metadata, else that of the call on the server for whose sake it is made, else a new one. Interceptors
 * further in read it with {@link requestIdOf}.
 *
 * Put it outside of `retry`: all attempts of a call then have the same id.
 */
export function requestId({ createId = createRequestId }: RequestIdOptions = {}): ClientInterceptor {
  return withConcern(
    "requestId",
    () =>
      function requestId(call, next) {
        const given = call.metadata.get(requestIdName);
        const id = given ?? (call.parent && requestIdOf(call.parent)) ?? createId();
        if (given === undefined) {
          call.metadata.set(requestIdName, id);
        }
        setRequestId(call, id);
        return next();
      },
  );
}
