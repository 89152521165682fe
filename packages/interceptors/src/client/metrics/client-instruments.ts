import type { Histogram, Meter } from "@opentelemetry/api";
import {
  type CountedCalls,
  createDurationHistogram,
  createRetryHistogram,
  createSizeHistogram,
  createStartedCounter,
} from "../../metrics/open-telemetry-instruments.js";

/** The instruments for the calls that a client makes. */
export interface ClientInstruments {
  readonly callDuration: Histogram;
  readonly attemptDuration: Histogram;
  readonly sentBytes: Histogram;
  readonly receivedBytes: Histogram;
  readonly retries: Histogram;
  readonly retryDelay: Histogram;
}

/**
 * Makes the instruments.
 *
 * @param attempts - Answers the attempts of each method, when metrics are collected.
 */
export function createClientInstruments(meter: Meter, attempts: () => Iterable<CountedCalls>): ClientInstruments {
  const started = {
    name: "grpc.client.attempt.started",
    description: "The total number of RPC attempts started, including those that have not completed.",
    unit: "{attempt}",
  };
  createStartedCounter(meter, started, attempts);
  const duration = (name: string, description: string) => createDurationHistogram(meter, name, description);
  const size = (name: string, description: string) => createSizeHistogram(meter, name, description);
  return {
    callDuration: duration("grpc.client.call.duration", "How long RPCs took for the caller."),
    attemptDuration: duration("grpc.client.attempt.duration", "How long RPC attempts took."),
    sentBytes: size(
      "grpc.client.attempt.sent_total_compressed_message_size",
      "Bytes of all request messages of an RPC attempt, without framing.",
    ),
    receivedBytes: size(
      "grpc.client.attempt.rcvd_total_compressed_message_size",
      "Bytes of all response messages of an RPC attempt, without framing.",
    ),
    retries: createRetryHistogram(meter, "grpc.client.call.retries", "Retries of an RPC, where there were any."),
    retryDelay: duration("grpc.client.call.retry_delay", "Time between the attempts of an RPC that was retried."),
  };
}
