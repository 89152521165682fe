import { type MethodKind, Status } from "@rollcall/rpc";
import { Counter, Histogram, type Registry, type RegistryContentType } from "prom-client";
import { latencyBucketsS } from "./buckets.js";

/** How the kinds of methods are called in labels. */
export const typeLabels: Readonly<Record<MethodKind, string>> = {
  unary: "unary",
  serverStreaming: "server_stream",
  clientStreaming: "client_stream",
  bidiStreaming: "bidi_stream",
};

/** One method of the ping service in labels. */
const methods: Readonly<Record<MethodKind, Readonly<Record<string, string>>>> = {
  unary: { grpc_type: "unary", grpc_service: "ping.v1.PingService", grpc_method: "Ping" },
  serverStreaming: { grpc_type: "server_stream", grpc_service: "ping.v1.PingService", grpc_method: "Count" },
  clientStreaming: { grpc_type: "client_stream", grpc_service: "ping.v1.PingService", grpc_method: "Collect" },
  bidiStreaming: { grpc_type: "bidi_stream", grpc_service: "ping.v1.PingService", grpc_method: "Echo" },
};
const other = { grpc_type: "other", grpc_service: "other", grpc_method: "other" };
const methodLabels = ["grpc_type", "grpc_service", "grpc_method"];
const codes = Object.values(Status).filter((status) => typeof status === "string");

/** A call, as it is counted. */
export interface PlainCall {
  readonly kind: MethodKind | "other";
  readonly status: Status;
  readonly durationS: number;
  readonly received: number;
  readonly sent: number;
}

/** The metrics of a side as one writes them with prom-client alone: a counter is incremented, a histogram observes. */
export function createPlainMetrics<T extends RegistryContentType>(side: "server" | "client", registry: Registry<T>) {
  const registers = [registry as Registry]; // its type tells the content type, of which metrics know nothing
  const counter = (name: string, help: string, labelNames = methodLabels) =>
    new Counter({ name: `grpc_${side}_${name}`, help: `${help} the ${side}.`, labelNames, registers });
  const withCode = [...methodLabels, "grpc_code"];
  const started = counter("started_total", "Calls started on");
  const handled = counter("handled_total", "Calls completed, by status, on", withCode);
  const received = counter("msg_received_total", "Messages received by");
  const sent = counter("msg_sent_total", "Messages sent by");
  const handling = new Histogram({
    name: `grpc_${side}_handling_seconds`,
    help: `Seconds that calls took, by status, on the ${side}.`,
    labelNames: withCode,
    buckets: [...latencyBucketsS],
    registers,
  });
  for (const labels of [...(side === "server" ? [other] : []), ...Object.values(methods)]) {
    [started, received, sent].forEach((metric) => {
      metric.inc(labels, 0);
    });
    codes.forEach((code) => {
      handled.inc({ ...labels, grpc_code: code }, 0);
    });
    handling.zero({ ...labels, grpc_code: "OK" });
  }
  return {
    count(call: PlainCall): void {
      const labels = call.kind === "other" ? other : methods[call.kind];
      const grpc_code = Status[call.status];
      started.inc(labels);
      handled.inc({ ...labels, grpc_code });
      received.inc(labels, call.received);
      sent.inc(labels, call.sent);
      handling.observe({ ...labels, grpc_code }, call.durationS);
    },
  };
}

/** What a registry shows, in an order that does not depend on which call came first. */
export async function linesOf<T extends RegistryContentType>(registry: Registry<T>): Promise<readonly string[]> {
  return (await registry.metrics()).split("\n").sort();
}

/** The value of one series: the number behind a line that has all of the parts. */
export async function valueOf<T extends RegistryContentType>(
  registry: Registry<T>,
  ...parts: readonly string[]
): Promise<number> {
  const lines = (await linesOf(registry)).filter((line) => parts.every((part) => line.includes(part)));
  if (lines.length !== 1) {
    throw new Error(`${lines.length} lines have ${parts.join(" and ")}`);
  }
  return Number(lines[0]?.split(" ").at(-1));
}

/** A clock by which calls that follow one another take these times. The durations are exact in binary. */
export function createCallClock(durationsMs: readonly number[]): () => number {
  let asked = 0;
  let nowMs = 0;
  return () => {
    const isEnd = asked % 2 === 1;
    nowMs += isEnd ? (durationsMs[(asked - 1) / 2] ?? 0) : 1;
    asked++;
    return nowMs;
  };
}
