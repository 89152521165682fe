import { type Method, methodOf } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { createLoadLimit } from "./create-load-limit.js";
import type { LoadLimitOptions, MethodLoad } from "./load-limit.js";

const stepMs = 0.25;

/** Something that calls need and that so many can have at a time, the others in the order of their arrival. */
export interface Resource {
  readonly parallel: number;
  readonly serviceMs: number;
}

/** Calls of one method, which arrive evenly. */
export interface Offer {
  readonly perSecond: number;
  readonly resource: Resource;
}

/** What became of a method's calls. */
export interface Outcome {
  readonly refused: number;
  /** How long each of the others took. */
  readonly latenciesMs: readonly number[];
}

interface Pending {
  readonly begunMs: number;
  readonly begun: number;
  readonly endsMs: number;
}

/** One method and all that is under way for it. */
class SimulatedMethod {
  readonly #load: MethodLoad;
  /** In the order of their ends. */
  readonly #pending: Pending[] = [];
  #firstPending = 0;
  #nextMs = 0;
  #refused = 0;
  #latenciesMs: number[] = [];

  constructor(load: MethodLoad) {
    this.#load = load;
  }

  /** Ends what ends by then. */
  endUntil(ms: number, at: (ms: number) => void): void {
    for (;;) {
      const first = this.#pending[this.#firstPending];
      if (first === undefined || first.endsMs > ms) {
        return;
      }
      at(first.endsMs);
      this.#firstPending++;
      this.#latenciesMs.push(first.endsMs - first.begunMs);
      this.#load.end(first.begun, true);
    }
  }

  /** Whether a call arrives at this time. */
  arrives(ms: number, { perSecond }: Offer): boolean {
    if (this.#nextMs > ms) {
      return false;
    }
    this.#nextMs = Math.max(this.#nextMs, ms - stepMs) + 1_000 / perSecond;
    return true;
  }

  begin(ms: number, { parallel, serviceMs }: Resource): void {
    const begun = this.#load.begin();
    if (begun === undefined) {
      this.#refused++;
      return;
    }
    const inFlight = this.#pending.length - this.#firstPending;
    const before = inFlight < parallel ? undefined : this.#pending[this.#pending.length - parallel];
    const endsMs = Math.max(ms, before?.endsMs ?? ms) + serviceMs;
    this.#insert({ begunMs: ms, begun, endsMs });
  }

  #insert(call: Pending): void {
    let at = this.#pending.length;
    while (at > this.#firstPending && (this.#pending[at - 1]?.endsMs ?? 0) > call.endsMs) {
      at--;
    }
    this.#pending.splice(at, 0, call);
  }

  take(): Outcome {
    const outcome = { refused: this.#refused, latenciesMs: this.#latenciesMs };
    this.#refused = 0;
    this.#latenciesMs = [];
    return outcome;
  }
}

/** Lets virtual time pass under a load. Nothing is left to chance, and no real time passes. */
export function createSimulation(options: LoadLimitOptions = {}) {
  let nowMs = 0;
  const limit = createLoadLimit({ ...options, now: () => nowMs });
  const methods = new Map<string, SimulatedMethod>();
  const unary: Method = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);
  const methodNamed = (name: string) => {
    const method = methods.get(name) ?? new SimulatedMethod(limit.loadOf({ ...unary, name }));
    methods.set(name, method);
    return method;
  };
  return {
    limit,
    /** Offers calls for so many seconds, and tells what became of those that ended or were refused meanwhile. */
    run<Name extends string>(seconds: number, offers: Readonly<Record<Name, Offer>>): Record<Name, Outcome> {
      const entries = Object.entries<Offer>(offers).map(([name, offer]) => [methodNamed(name), offer] as const);
      const untilMs = nowMs + seconds * 1_000;
      while (nowMs < untilMs) {
        const nextMs = nowMs + stepMs;
        for (const method of methods.values()) {
          method.endUntil(nextMs, (ms) => {
            nowMs = Math.max(nowMs, ms);
          });
        }
        nowMs = nextMs;
        for (const [method, offer] of entries) {
          while (method.arrives(nowMs, offer)) {
            method.begin(nowMs, offer.resource);
          }
        }
      }
      const outcomes = Object.keys(offers).map((name) => [name, methodNamed(name).take()]);
      return Object.fromEntries(outcomes) as Record<Name, Outcome>; // one for each offer
    },
  };
}
