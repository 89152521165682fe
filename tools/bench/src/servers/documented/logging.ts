import { randomUUID } from "node:crypto";
import * as grpc from "@grpc/grpc-js";
import type { Logger } from "pino";

/** A line for each call, and its request id in the trailer. */
export function logging(logger: Logger): grpc.ServerInterceptor {
  return (method, call) => {
    const startMs = performance.now();
    let requestId = "";
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        requestId = String(metadata.get("x-request-id")[0] ?? randomUUID());
        next(metadata);
      })
      .build();
    const responder = new grpc.ResponderBuilder()
      .withStart((next) => {
        next(listener);
      })
      .withSendStatus((status, next) => {
        const trailer = status.metadata ?? new grpc.Metadata();
        trailer.set("x-request-id", requestId);
        logger.info(
          {
            method: method.path,
            status: grpc.status[status.code],
            durationMs: performance.now() - startMs,
            requestId,
            peer: call.getPeer(),
          },
          "a call ended",
        );
        next({ ...status, metadata: trailer });
      })
      .build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}
