import { type ClientInterceptor, type InterceptedClientCall, Status, StatusError } from "@rollcall/rpc";
import { type CallLevel, defaultLevelOf, type LevelOf, levelsOf } from "../../call-level.js";
import { withConcern } from "../../concern.js";
import { statusOnClient } from "../../ended-status.js";
import { requestIdOf } from "../../request-id-key.js";
import { traceContextOf } from "../../trace-context.js";

export { type CallLevel, defaultLevelOf, type LevelOf } from "../../call-level.js";

/** What logging needs of a logger. `console` is one, and so is one of pino. */
export type ClientLogger = Readonly<Record<CallLevel, (fields: object, text: string) => void>>;

/** Where calls are written down, and which. */
export interface LoggingOptions {
  /** Writes the lines. */
  readonly logger: ClientLogger;
  /** How severe the line of a call is; a method without any level is left out. Defaults to {@link defaultLevelOf}. */
  readonly levelOf?: LevelOf | undefined;
  /** A clock that only moves forward, in milliseconds. Defaults to `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/**
 * Writes a line when a call has ended: what was called, how it ended, how long it took and what travelled. Nothing of a
 * message, and never a status text, gets into the log.
 *
 * Put it inside of `requestId`, and outside of `retry` for a line for each call instead of each attempt.
 */
export function logging({ logger, levelOf = defaultLevelOf, now }: LoggingOptions): ClientInterceptor {
  const timeMs = now ?? (() => performance.now());
  return withConcern("logging", (method) => {
    const levels = levelsOf(method, levelOf);
    if (levels.every((level) => level === undefined)) {
      return undefined;
    }
    const write = (call: InterceptedClientCall, startMs: number, status: Status, reason: string | undefined) => {
      const level = levels[status];
      if (level !== undefined) {
        writeLine(logger, level, { ...describe(call, status, timeMs() - startMs), reason });
      }
    };
    return async function logging(call, next) {
      const startMs = timeMs();
      try {
        await next();
      } catch (error) {
        write(call, startMs, statusOnClient(error), error instanceof StatusError ? error.reason : undefined);
        throw error;
      }
      write(call, startMs, Status.OK, undefined);
    };
  });
}

function describe(call: InterceptedClientCall, status: Status, durationMs: number): object {
  const { requests, requestBytes, responses, responseBytes } = call.traffic;
  return {
    method: call.method.path,
    kind: call.method.kind,
    status: Status[status],
    durationMs: Math.round(durationMs * 1_000) / 1_000,
    requestId: requestIdOf(call),
    traceId: traceContextOf(call)?.traceId,
    requests,
    requestBytes,
    responses,
    responseBytes,
  };
}

function writeLine(logger: ClientLogger, level: CallLevel, fields: object): void {
  try {
    logger[level](fields, "call ended");
  } catch {
    // A call does not fail for its log.
  }
}
