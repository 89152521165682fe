import * as grpc from "@grpc/grpc-js";
import { Counter, Histogram, type Registry } from "prom-client";

/** Counts calls and how long they take, for Prometheus. */
export function metrics(registry: Registry): grpc.ServerInterceptor {
  const labelNames = ["grpc_type", "grpc_service", "grpc_method"] as const;
  const handledNames = [...labelNames, "grpc_code"] as const;
  const registers = [registry];
  const started = new Counter({ name: "grpc_server_started_total", help: "calls begun", labelNames, registers });
  const handled = new Counter({
    name: "grpc_server_handled_total",
    help: "calls ended",
    labelNames: handledNames,
    registers,
  });
  const seconds = new Histogram({
    name: "grpc_server_handling_seconds",
    help: "how long calls took",
    labelNames,
    registers,
  });
  return (method, call) => {
    const [, grpc_service = "", grpc_method = ""] = method.path.split("/");
    const labels = { grpc_type: "unary", grpc_service, grpc_method };
    const startMs = performance.now();
    const responder = new grpc.ResponderBuilder()
      .withStart((next) => {
        started.inc(labels);
        next();
      })
      .withSendStatus((status, next) => {
        handled.inc({ ...labels, grpc_code: grpc.status[status.code] });
        seconds.observe(labels, (performance.now() - startMs) / 1_000);
        next(status);
      })
      .build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}
