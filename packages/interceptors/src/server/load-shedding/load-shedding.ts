import { type Method, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { retryInfoAfter } from "../retry-info.js";
import { createLoadLimit } from "./create-load-limit.js";
import type { LoadLimit } from "./load-limit.js";

export { createLoadLimit } from "./create-load-limit.js";
export type { LoadLimit, LoadLimitOptions, MethodLoad } from "./load-limit.js";

/** When calls are refused, which never are, and what their clients are told. */
export interface LoadSheddingOptions {
  /** Who gives the reason to the client: the domain of the `google.rpc.ErrorInfo`, such as the product's name. */
  readonly domain: string;
  /** The reason that programs see in the `google.rpc.ErrorInfo`. Defaults to `OVERLOADED`. */
  readonly reason?: string | undefined;
  /** How many calls the server takes at a time. Defaults to a limit with its own defaults; make one to watch it. */
  readonly limit?: LoadLimit | undefined;
  /** Methods whose calls are never refused nor counted, beside those of gRPC's own health and reflection services. None by default. */
  readonly exempt?: ((method: Method) => boolean) | undefined;
  /** When clients are asked to try again: between half of this and one and a half times as long. Defaults to 1 second. */
  readonly retryDelayMs?: number | undefined;
  /** A random number from 0 up to 1. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * Refuses calls that the server cannot answer in good time, before any work is done for them, with `UNAVAILABLE` and a
 * `google.rpc.RetryInfo`: the calls that it does take are then answered nearly as fast as ever. How many it takes follows
 * their latency, see {@link createLoadLimit}.
 *
 * Only unary calls that succeed, or pass their deadline, tell of the latency. Streams are refused like other calls when they
 * begin, and take up room for one window at most.
 *
 * What it sees is the wait within handlers, such as that for a database. Calls that wait for the event loop wait before any
 * interceptor runs.
 *
 * @throws TypeError for a delay that is not above 0.
 */
export function loadShedding(options: LoadSheddingOptions): ServerInterceptor {
  const { limit = createLoadLimit(), exempt = () => false, retryDelayMs = 1_000 } = options;
  if (!Number.isFinite(retryDelayMs) || retryDelayMs <= 0) {
    throw new TypeError(`retryDelayMs is ${retryDelayMs}; it takes a number of milliseconds above 0`);
  }
  return withConcern("loadShedding", (method) => {
    if (isInfrastructure(method) || exempt(method)) {
      return undefined;
    }
    const load = limit.loadOf(method);
    return async function loadShedding(_call, next) {
      const begun = load.begin();
      if (begun === undefined) {
        throw overloaded(options);
      }
      let telling = true;
      try {
        await next();
      } catch (error) {
        telling = isOverdue(error);
        throw error;
      } finally {
        load.end(begun, telling);
      }
    };
  });
}

/** Whoever watches over a server must get through to it most of all when it is overloaded. */
function isInfrastructure({ service }: Method): boolean {
  return service.startsWith("grpc.health.") || service.startsWith("grpc.reflection.");
}

/** Calls that fail otherwise may fail fast, which would make the usual latency look shorter than it is. */
function isOverdue(error: unknown): boolean {
  return error instanceof StatusError && error.code === Status.DEADLINE_EXCEEDED;
}

function overloaded(options: LoadSheddingOptions): StatusError {
  const { domain, reason = "OVERLOADED", retryDelayMs = 1_000, random = Math.random } = options;
  return new StatusError(Status.UNAVAILABLE, "the server has more calls than it can answer; try again", {
    errorDetails: {
      errorInfo: { reason, domain, metadata: {} },
      retryInfo: retryInfoAfter(retryDelayMs * (0.5 + random())),
    },
  });
}
