import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import type { Call, Status, Traffic } from "@rollcall/rpc";
import type { CallRecorder } from "../../metrics/measure-calls.js";
import {
  attributesByStatus,
  type CountedCalls,
  createDurationHistogram,
  createSizeHistogram,
  createStartedCounter,
} from "../../metrics/open-telemetry-instruments.js";
import { RecentCalls } from "../../metrics/recent-calls.js";

/** Where the figures go. */
export interface OpenTelemetryMetricsOptions {
  /** Makes the instruments: `provider.getMeter("@rollcall/interceptors")`. */
  readonly meter: Meter;
  /** Milliseconds since some fixed moment, to take durations by. Defaults to `performance.now`. */
  readonly elapsedMs?: (() => number) | undefined;
}

interface ServerInstruments {
  readonly duration: Histogram;
  readonly sentBytes: Histogram;
  readonly receivedBytes: Histogram;
}

/** Makes what records the calls of each method. */
export class ServerCallRecorders {
  readonly #instruments: ServerInstruments;
  readonly #recorders = new Map<string, ServerCallRecorder>();

  constructor(meter: Meter) {
    this.#instruments = createServerInstruments(meter, () => this.#recorders.values());
  }

  /**
   * Records the calls of one method.
   *
   * @param name - The method's full name, as in `user.v1.UserService/GetUser`.
   */
  of(name: string): ServerCallRecorder {
    const recorder = this.#recorders.get(name) ?? new ServerCallRecorder(this.#instruments, { "grpc.method": name });
    this.#recorders.set(name, recorder);
    return recorder;
  }
}

function createServerInstruments(meter: Meter, calls: () => Iterable<CountedCalls>): ServerInstruments {
  const started = {
    name: "grpc.server.call.started",
    description: "The total number of RPCs started, including those that have not completed.",
    unit: "{call}",
  };
  createStartedCounter(meter, started, calls);
  return {
    duration: createDurationHistogram(meter, "grpc.server.call.duration", "How long RPCs took on the server."),
    sentBytes: createSizeHistogram(
      meter,
      "grpc.server.call.sent_total_compressed_message_size",
      "Bytes of all response messages of an RPC, without framing.",
    ),
    receivedBytes: createSizeHistogram(
      meter,
      "grpc.server.call.rcvd_total_compressed_message_size",
      "Bytes of all request messages of an RPC, without framing.",
    ),
  };
}

interface EndedCall {
  readonly traffic: Traffic;
  readonly attributes: Attributes | undefined;
}

class ServerCallRecorder implements CallRecorder<Pick<Call, "traffic">>, CountedCalls {
  startedCalls = 0;
  readonly attributes: Attributes;
  readonly #instruments: ServerInstruments;
  readonly #attributes: readonly Attributes[];
  readonly #recent = new RecentCalls<EndedCall>(({ traffic, attributes }) => {
    this.#instruments.sentBytes.record(traffic.responseBytes, attributes);
    this.#instruments.receivedBytes.record(traffic.requestBytes, attributes);
  });

  constructor(instruments: ServerInstruments, attributes: Attributes) {
    this.#instruments = instruments;
    this.attributes = attributes;
    this.#attributes = attributesByStatus(attributes);
  }

  started(): void {
    this.startedCalls++;
  }

  ended({ traffic }: Pick<Call, "traffic">, status: Status, durationS: number): void {
    const attributes = this.#attributes[status];
    this.#instruments.duration.record(durationS, attributes);
    this.#recent.add({ traffic, attributes });
  }

  /** Counts a call that nobody saw begin, and that was answered at once. */
  countAnswered(status: Status): void {
    this.startedCalls++;
    this.#instruments.duration.record(0, this.#attributes[status]);
  }

  settle(): void {
    this.#recent.settleAll();
  }
}
