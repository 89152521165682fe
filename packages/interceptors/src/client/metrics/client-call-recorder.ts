import type { Attributes, Meter } from "@opentelemetry/api";
import type { InterceptedClientCall, Status } from "@rollcall/rpc";
import type { CallRecorder } from "../../metrics/measure-calls.js";
import { attributesByStatus, type CountedCalls } from "../../metrics/open-telemetry-instruments.js";
import { type ClientInstruments, createClientInstruments } from "./client-instruments.js";

/** Where the figures go, and what they are about. */
export interface OpenTelemetryMetricsOptions {
  /** Makes the instruments: `provider.getMeter("@rollcall/interceptors")`. */
  readonly meter: Meter;
  /** The target of the channel, such as `dns:///users.example.com:443`, as the attribute `grpc.target`. */
  readonly target: string;
  /** Milliseconds since some fixed moment, to take durations by. Defaults to `performance.now`. */
  readonly elapsedMs?: (() => number) | undefined;
}

/** The attempts at one call so far. */
interface Attempts {
  count: number;
  /** When the last one ended, in milliseconds since some fixed moment. */
  endedMs: number;
  /** How long there was none between two, in milliseconds. */
  idleMs: number;
  /** The bytes that those which have ended sent and received. */
  sentBytes: number;
  receivedBytes: number;
}

/** Callers may give several calls the same values, so those are no place for it. */
type AttemptsByCall = WeakMap<InterceptedClientCall, Attempts>;

/** Makes what records the calls of each method, and the attempts at them. */
export class ClientCallRecorders {
  readonly #instruments: ClientInstruments;
  readonly #target: string;
  readonly #elapsedMs: () => number;
  readonly #attemptsByCall: AttemptsByCall = new WeakMap();
  readonly #attempts = new Map<string, AttemptRecorder>();

  constructor({ meter, target }: OpenTelemetryMetricsOptions, elapsedMs: () => number) {
    this.#instruments = createClientInstruments(meter, () => this.#attempts.values());
    this.#target = target;
    this.#elapsedMs = elapsedMs;
  }

  /**
   * Records the calls of one method.
   *
   * @param name - The method's full name, as in `user.v1.UserService/GetUser`.
   */
  callsOf(name: string): CallRecorder<InterceptedClientCall> {
    return new ClientCallRecorder(this.#instruments, this.#attributesOf(name), this.#attemptsByCall);
  }

  /** Records the attempts at one method's calls. */
  attemptsOf(name: string): CallRecorder<InterceptedClientCall> {
    const recorder =
      this.#attempts.get(name) ??
      new AttemptRecorder(this.#instruments, this.#attributesOf(name), this.#attemptsByCall, this.#elapsedMs);
    this.#attempts.set(name, recorder);
    return recorder;
  }

  #attributesOf(name: string): Attributes {
    return { "grpc.method": name, "grpc.target": this.#target };
  }
}

class ClientCallRecorder implements CallRecorder<InterceptedClientCall> {
  readonly #attributesByStatus: readonly Attributes[];

  constructor(
    private readonly instruments: ClientInstruments,
    private readonly attributes: Attributes,
    private readonly attemptsByCall: AttemptsByCall,
  ) {
    this.#attributesByStatus = attributesByStatus(attributes);
  }

  started(): void {
    // What gRPC counts as started is attempts.
  }

  ended(call: InterceptedClientCall, status: Status, durationS: number): void {
    this.instruments.callDuration.record(durationS, this.#attributesByStatus[status]);
    const attempts = this.attemptsByCall.get(call);
    if (attempts !== undefined && attempts.count > 1) {
      this.instruments.retries.record(attempts.count - 1, this.attributes);
      this.instruments.retryDelay.record(attempts.idleMs / 1_000, this.attributes);
    }
  }
}

class AttemptRecorder implements CallRecorder<InterceptedClientCall>, CountedCalls {
  startedCalls = 0;
  readonly #attributesByStatus: readonly Attributes[];

  constructor(
    private readonly instruments: ClientInstruments,
    readonly attributes: Attributes,
    private readonly attemptsByCall: AttemptsByCall,
    private readonly elapsedMs: () => number,
  ) {
    this.#attributesByStatus = attributesByStatus(attributes);
  }

  started(call: InterceptedClientCall): void {
    this.startedCalls++;
    const attempts = this.attemptsByCall.get(call);
    if (attempts === undefined) {
      this.attemptsByCall.set(call, { count: 1, endedMs: 0, idleMs: 0, sentBytes: 0, receivedBytes: 0 });
    } else {
      attempts.count++;
      attempts.idleMs += this.elapsedMs() - attempts.endedMs;
    }
  }

  ended(call: InterceptedClientCall, status: Status, durationS: number): void {
    const attempts = this.attemptsByCall.get(call);
    if (attempts === undefined) {
      return; // each that ends has started
    }
    const attributes = this.#attributesByStatus[status];
    const { requestBytes, responseBytes } = call.traffic;
    this.instruments.attemptDuration.record(durationS, attributes);
    this.instruments.sentBytes.record(requestBytes - attempts.sentBytes, attributes);
    this.instruments.receivedBytes.record(responseBytes - attempts.receivedBytes, attributes);
    attempts.endedMs = this.elapsedMs();
    attempts.sentBytes = requestBytes;
    attempts.receivedBytes = responseBytes;
  }
}
