import { type InterceptedServerCall, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";

/** When the server goes away, and what clients are told then. */
export interface DrainOptions {
  /** Aborted when the server begins to go away: new calls are refused and bidirectional streams are ended. */
  readonly draining: AbortSignal;
  /** Aborted when the server waits no longer: all calls that still run are ended. */
  readonly overdue: AbortSignal;
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `SHUTTING_DOWN`. */
  readonly reason?: string | undefined;
  /** When clients are asked to try again, in `google.rpc.RetryInfo`. Defaults to 1 second. */
  readonly retryDelayMs?: number | undefined;
}

interface OpenCall {
  readonly call: InterceptedServerCall;
  /** Ends the call also when its handler does not heed its signal. */
  readonly cut: (error: StatusError) => void;
}

/**
 * Lets a server go away without breaking calls. Once `draining` is aborted, new calls and bidirectional streams, which
 * have no end of their own, end with `UNAVAILABLE` and a hint when to try again; all others go on. What still runs when
 * `overdue` is aborted ends with the same status, so that no client has to guess from a broken connection.
 */
export function drain(options: DrainOptions): ServerInterceptor {
  const { draining, overdue } = options;
  const openCalls = new Set<OpenCall>();
  const onDraining = () => {
    for (const { call } of openCalls) {
      if (call.method.kind === "bidiStreaming") {
        call.abort(goingAway(options));
      }
    }
  };
  const onOverdue = () => {
    for (const { call, cut } of openCalls) {
      const error = goingAway(options);
      call.abort(error);
      cut(error);
    }
  };
  draining.addEventListener("abort", onDraining, { once: true });
  overdue.addEventListener("abort", onOverdue, { once: true });
  return withConcern(
    "drain",
    () =>
      async function drain(call, next) {
        if (draining.aborted || overdue.aborted) {
          throw goingAway(options);
        }
        await track(openCalls, call, next);
      },
  );
}

/** Runs the call as one of `openCalls`, to its end or until it is cut. */
function track(openCalls: Set<OpenCall>, call: InterceptedServerCall, next: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const openCall = { call, cut: reject };
    openCalls.add(openCall);
    void next()
      .then(resolve, reject)
      .finally(() => openCalls.delete(openCall));
  });
}

function goingAway({ domain, reason = "SHUTTING_DOWN", retryDelayMs = 1_000 }: DrainOptions): StatusError {
  const seconds = Math.floor(retryDelayMs / 1_000);
  const retryDelay = { seconds: BigInt(seconds), nanos: Math.round((retryDelayMs - seconds * 1_000) * 1e6) };
  return new StatusError(Status.UNAVAILABLE, "the server is going away; connect again", {
    errorDetails: { errorInfo: { reason, domain, metadata: {} }, retryInfo: { retryDelay } },
  });
}
