import * as grpc from "@grpc/grpc-js";

/** Refuses calls that are overdue, or whose deadline is further away than it may be. */
export function deadline(maxMs: number): grpc.ServerInterceptor {
  return (_method, call) => {
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const remainingMs = Number(call.getDeadline()) - Date.now();
        if (remainingMs <= 0) {
          call.sendStatus({ code: grpc.status.DEADLINE_EXCEEDED, details: "the deadline of the call has passed" });
        } else if (remainingMs > maxMs) {
          call.sendStatus({ code: grpc.status.INVALID_ARGUMENT, details: `at most ${maxMs} ms are allowed` });
        } else {
          next(metadata);
        }
      })
      .build();
    const responder = new grpc.ResponderBuilder()
      .withStart((next) => {
        next(listener);
      })
      .build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}
