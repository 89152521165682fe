import { type Call, type Method, Status, type Traffic } from "@rollcall/rpc";
import { traceContextOf } from "../trace-context.js";
import { LatencyHistogram } from "./latency-histogram.js";
import type { CallRecorder } from "./measure-calls.js";
import { RecentCalls } from "./recent-calls.js";

/** What is counted beside the calls themselves. */
export interface TallyOptions {
  readonly latencyBucketsS: readonly number[];
  /** The time, in milliseconds since the epoch, at which a recorded call becomes an exemplar; undefined to keep none. */
  readonly exemplarTime: (() => number) | undefined;
}

const statusCount = Object.values(Status).filter((status) => typeof status === "number").length;

/** The figures of one method's calls, in plain numbers: to count a call costs a few nanoseconds. */
export class CallTally implements CallRecorder<Call> {
  startedCalls = 0;
  readonly #endedCalls = new Float64Array(statusCount);
  readonly #latencies: (LatencyHistogram | undefined)[] = [];
  readonly #streams: boolean;
  readonly #options: TallyOptions;
  readonly #running = new Set<Call>();
  readonly #recent = new RecentCalls<Traffic>(({ requests, responses }) => {
    this.#requests += requests;
    this.#responses += responses;
  });
  #requests = 0;
  #responses = 0;

  constructor(
    { requestStream, responseStream }: Pick<Method, "requestStream" | "responseStream">,
    options: TallyOptions,
  ) {
    this.#streams = requestStream || responseStream;
    this.#options = options;
    this.#latencies[Status.OK] = new LatencyHistogram(options.latencyBucketsS);
  }

  /** The messages of all calls, those of streams as soon as they travel. */
  get requests(): number {
    return this.#sum(this.#requests, ({ requests }) => requests);
  }

  get responses(): number {
    return this.#sum(this.#responses, ({ responses }) => responses);
  }

  endedWith(status: Status): number {
    return this.#endedCalls[status] ?? 0;
  }

  /** How long the calls took that ended with the status; undefined while there are none. */
  latencyOf(status: Status): LatencyHistogram | undefined {
    return this.#latencies[status];
  }

  started(call: Call): void {
    this.startedCalls++;
    if (this.#streams) {
      this.#running.add(call);
    }
  }

  ended(call: Call, status: Status, durationS: number): void {
    const latency = this.#count(status, durationS);
    if (this.#options.exemplarTime !== undefined) {
      const trace = traceContextOf(call);
      if (trace?.sampled === true) {
        latency.keepExemplar({ trace, durationS, timeMs: this.#options.exemplarTime() });
      }
    }
    if (this.#streams) {
      this.#running.delete(call);
      this.#recent.add(call.traffic);
      return;
    }
    this.#requests += call.traffic.requests;
    // A server encodes the one response of a call after its interceptors have seen the end.
    this.#responses += status === Status.OK ? 1 : call.traffic.responses;
  }

  /** Counts a call that nobody saw begin, and that was answered at once. */
  countAnswered(status: Status): void {
    this.startedCalls++;
    this.#count(status, 0);
  }

  /** Begins again at nothing, also for the messages that running streams have exchanged so far. */
  reset(): void {
    this.startedCalls = 0;
    this.#endedCalls.fill(0);
    this.#latencies.fill(undefined);
    this.#latencies[Status.OK] = new LatencyHistogram(this.#options.latencyBucketsS);
    this.#requests -= this.requests;
    this.#responses -= this.responses;
  }

  #count(status: Status, durationS: number): LatencyHistogram {
    this.#endedCalls[status] = this.endedWith(status) + 1;
    const latency = (this.#latencies[status] ??= new LatencyHistogram(this.#options.latencyBucketsS));
    latency.observe(durationS);
    return latency;
  }

  #sum(settled: number, messagesOf: (traffic: Traffic) => number): number {
    let sum = settled;
    for (const { traffic } of this.#running) {
      sum += messagesOf(traffic);
    }
    for (const traffic of this.#recent) {
      sum += messagesOf(traffic);
    }
    return sum;
  }
}
