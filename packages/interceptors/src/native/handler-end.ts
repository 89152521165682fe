import * as grpc from "@grpc/grpc-js";
import { StatusError } from "@rollcall/rpc";
import { type ErrorStatus, fromStatusObject } from "@rollcall/rpc/grpc";

/** A status as a handler of grpc-js gives it. */
export type HandlerStatus = Parameters<grpc.ServerInterceptingCallInterface["sendStatus"]>[0];

/** How a handler of grpc-js ended its call. */
export class HandlerEnd {
  /** The status as an error, for interceptors; undefined where the handler succeeded. */
  readonly error: Error | undefined;

  constructor(readonly status: HandlerStatus) {
    this.error = status.code === grpc.status.OK ? undefined : errorOf(status);
  }

  /** A status that interceptors made of this one, with what the handler sent beside it; others are left as they are. */
  annotate(status: ErrorStatus): ErrorStatus {
    const { code, metadata } = this.status;
    if (code === status.code && metadata !== null && metadata !== undefined) {
      for (const key of Object.keys(metadata.getMap()).filter((name) => !name.startsWith("grpc-"))) {
        for (const value of metadata.get(key)) {
          status.metadata.add(key, value);
        }
      }
    }
    return status;
  }
}

/**
 * The error that stands for a handler's status. `UNKNOWN` is what grpc-js makes of whatever a handler throws that is no
 * status, text and all; so it is taken for such a failure, and whoever masks failures can mask it.
 */
function errorOf({ code, details, metadata }: HandlerStatus): Error {
  if (code === grpc.status.UNKNOWN) {
    return new Error(details);
  }
  const sent = fromStatusObject({ code, details, metadata: metadata ?? new grpc.Metadata() });
  const { errorDetails, retryDelayMs } = sent;
  return new StatusError(sent.code, sent.details, { errorDetails, retryDelayMs });
}
