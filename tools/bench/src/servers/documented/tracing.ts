import * as grpc from "@grpc/grpc-js";
import { type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";

/** A span for each call. */
export function tracing(tracer: Tracer): grpc.ServerInterceptor {
  return (method, call) => {
    let span: Span | undefined;
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        span = tracer.startSpan(`Recv.${method.path}`, { kind: SpanKind.SERVER });
        next(metadata);
      })
      .withOnCancel(() => {
        span?.setStatus({ code: SpanStatusCode.ERROR, message: "CANCELLED" }).end();
      })
      .build();
    const responder = new grpc.ResponderBuilder()
      .withStart((next) => {
        next(listener);
      })
      .withSendStatus((status, next) => {
        if (status.code !== grpc.status.OK) {
          span?.setStatus({ code: SpanStatusCode.ERROR, message: status.details });
        }
        span?.end();
        next(status);
      })
      .build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}
