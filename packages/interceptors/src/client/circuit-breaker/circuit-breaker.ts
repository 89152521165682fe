import { type ClientInterceptor, type ErrorCode, type InterceptedClientCall, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { Circuit, type CircuitSettings, type CircuitState, type Outcome } from "./circuit.js";
import { CircuitOpenError } from "./circuit-open-error.js";

export type { CircuitState } from "./circuit.js";
export { CircuitOpenError } from "./circuit-open-error.js";

/** A circuit that opened or closed. */
export interface CircuitChange {
  /** Whose calls it is about: a service, or the path of a method. */
  readonly circuit: string;
  readonly state: CircuitState;
  /** The failure that opened it; undefined once it is closed. */
  readonly cause: unknown;
}

/** When calls are no longer made, and when they are again. */
export interface CircuitBreakerOptions {
  /** Who says so: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `CIRCUIT_OPEN`. */
  readonly reason?: string | undefined;
  /** Which calls are counted together: those of a service, or those of a method. Defaults to `service`. */
  readonly scope?: "service" | "method" | undefined;
  /**
   * The codes that say that the server is not well. Defaults to `UNAVAILABLE`, `DEADLINE_EXCEEDED`, `INTERNAL`, `UNKNOWN`
   * and `DATA_LOSS`; any other is an answer of a server that is.
   */
  readonly failureCodes?: readonly ErrorCode[] | undefined;
  /** Which part of the calls has to fail, above 0 and up to 1. Defaults to 0.5. */
  readonly failureRatio?: number | undefined;
  /** How many calls say something about the server. Defaults to 10. */
  readonly minCalls?: number | undefined;
  /** How far back calls are counted, in milliseconds. Defaults to 10,000. */
  readonly windowMs?: number | undefined;
  /** How long no call is made at first, in milliseconds, a fifth more or less by chance. Defaults to 1,000. */
  readonly openMs?: number | undefined;
  /** The longest that it is, where each attempt to go on fails and doubles it. Defaults to 30,000. */
  readonly maxOpenMs?: number | undefined;
  /** Hears when calls are no longer made and when they are again. */
  readonly onStateChange?: ((change: CircuitChange) => void) | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** A number from 0 to 1. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const defaultFailureCodes: readonly ErrorCode[] = [
  Status.UNAVAILABLE,
  Status.DEADLINE_EXCEEDED,
  Status.INTERNAL,
  Status.UNKNOWN,
  Status.DATA_LOSS,
];

/**
 * Spares a server that is not well the calls that would fail, and their callers the wait. Once too many calls have failed,
 * calls end at once with {@link CircuitOpenError}, which is `UNAVAILABLE` and says when to try again; then one is let
 * through, and all are when it succeeds.
 *
 * A stream of responses counts by its beginning: one that breaks off after the server took it up is no failure. Calls that
 * their own caller cancelled do not count. Make one for each channel: it does not know which server a call is for.
 *
 * @throws TypeError for an option out of range.
 */
export function circuitBreaker(options: CircuitBreakerOptions): ClientInterceptor {
  const { scope = "service", reason = "CIRCUIT_OPEN", domain } = options;
  const failureCodes = new Set(options.failureCodes ?? defaultFailureCodes);
  const circuitOf = createCircuits(options);
  return withConcern("circuitBreaker", (method) => {
    const name = scope === "service" ? method.service : method.path;
    const circuit = circuitOf(name);
    const admitProbe = (): void => {
      const retryDelayMs = circuit.probe();
      if (retryDelayMs > 0) {
        throw new CircuitOpenError({ circuit: name, retryDelayMs, domain, reason, cause: circuit.cause });
      }
    };
    return async function circuitBreaker(call, next) {
      const isProbe = !circuit.isClosed;
      if (isProbe) {
        admitProbe();
        closeAtFirstResponse(call, circuit);
      }
      try {
        await next();
      } catch (error) {
        circuit.note(outcomeOf(error, call, failureCodes), error, isProbe);
        throw error;
      }
      circuit.note("well", undefined, isProbe);
    };
  });
}

/** Makes what finds the circuit of a service or a method, which all clients share that the interceptor is given to. */
function createCircuits(options: CircuitBreakerOptions): (name: string) => Circuit {
  const settings = settingsOf(options);
  const circuits = new Map<string, Circuit>();
  return (name) => {
    const onStateChange: CircuitSettings["onStateChange"] = (state, cause) => {
      options.onStateChange?.({ circuit: name, state, cause });
    };
    const circuit = circuits.get(name) ?? new Circuit({ ...settings, onStateChange });
    circuits.set(name, circuit);
    return circuit;
  };
}

/** A stream that may stay open for hours tells by its first message that the server is well. */
function closeAtFirstResponse(call: InterceptedClientCall, circuit: Circuit): void {
  if (call.method.responseStream) {
    call.onResponse(() => {
      circuit.note("well", undefined, true);
    });
  }
}

function outcomeOf(error: unknown, call: InterceptedClientCall, failureCodes: ReadonlySet<ErrorCode>): Outcome {
  if (!(error instanceof StatusError) || !error.received || error.code === Status.CANCELLED) {
    return "unknown"; // it ended on this side
  }
  const wasTakenUp = call.method.responseStream && call.header !== undefined;
  return failureCodes.has(error.code) && !wasTakenUp ? "unwell" : "well";
}

function settingsOf(options: CircuitBreakerOptions): Omit<CircuitSettings, "onStateChange"> {
  const { failureRatio = 0.5, minCalls = 10, windowMs = 10_000, openMs = 1_000, maxOpenMs = 30_000 } = options;
  if (!(failureRatio > 0 && failureRatio <= 1)) {
    throw new TypeError(`failureRatio is ${failureRatio}; it takes a number above 0 and up to 1`);
  }
  if (!Number.isInteger(minCalls) || minCalls < 1) {
    throw new TypeError(`minCalls is ${minCalls}; it takes a whole number above 0`);
  }
  for (const [name, ms] of Object.entries({ windowMs, openMs, maxOpenMs })) {
    if (!(ms > 0 && Number.isFinite(ms))) {
      throw new TypeError(`${name} is ${ms}; it takes a number of milliseconds above 0`);
    }
  }
  if (maxOpenMs < openMs) {
    throw new TypeError(`maxOpenMs is ${maxOpenMs}; it takes at least the ${openMs} of openMs`);
  }
  return {
    failureRatio,
    minCalls,
    windowMs,
    openMs,
    maxOpenMs,
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
  };
}
