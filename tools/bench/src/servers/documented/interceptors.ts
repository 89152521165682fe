import type * as grpc from "@grpc/grpc-js";
import { Registry } from "prom-client";
import { createLogger, createTracerProvider } from "../telemetry.js";
import { auth } from "./auth.js";
import { deadline } from "./deadline.js";
import { logging } from "./logging.js";
import { metrics } from "./metrics.js";
import { tracing } from "./tracing.js";
import { validation } from "./validation.js";

/** Six interceptors written as grpc-js documents them, each with the library that one would take for it. */
export function documentedInterceptors(verify: Parameters<typeof auth>[0]): grpc.ServerInterceptor[] {
  return [
    tracing(createTracerProvider().getTracer("bench")),
    metrics(new Registry()),
    logging(createLogger()),
    deadline(30_000),
    auth(verify, ["admin", "reader"]),
    validation(),
  ];
}
