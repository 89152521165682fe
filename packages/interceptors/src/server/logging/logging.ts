import { type InterceptedServerCall, type ServerInterceptor, Status, StatusError } from "@rollcall/rpc";
import { type CallLevel, defaultLevelOf, type LevelOf, levelsOf } from "../../call-level.js";
import { withConcern } from "../../concern.js";
import { statusOnServer } from "../../ended-status.js";
import { requestIdOf } from "../../request-id-key.js";
import { clientAddressOf } from "../real-ip/client-address.js";
import { type CallEnd, describeCall } from "./call-line.js";
import type { CallLogger } from "./call-logger.js";
import { createLineWriter } from "./line-writer.js";
import { type PayloadRedaction, writePayload } from "./payload-lines.js";

export { type CallLevel, defaultLevelOf, type LevelOf } from "../../call-level.js";
export type { CallLogger } from "./call-logger.js";
export type { PayloadRedaction } from "./payload-lines.js";

/** Where calls are written down, and which. */
export interface LoggingOptions {
  /** Writes the lines. A logger of pino fits. */
  readonly logger: CallLogger;
  /**
   * How severe the line of a call is; a method without any level is left out altogether. Defaults to
   * {@link defaultLevelOf}.
   */
  readonly levelOf?: LevelOf | undefined;
  /**
   * How messages are shown, at the level `trace`: by the path of their method, such as `/user.v1.UserService/GetUser`. The
   * messages of methods that are not in it are never shown.
   */
  readonly redact?: ReadonlyMap<string, PayloadRedaction> | undefined;
  /** The share of calls that end with `OK` that are written down, from 0 to 1. Defaults to 1: all of them. */
  readonly sampleRate?: number | undefined;
  /** Numbers from 0 up to 1, for choosing these. Defaults to `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** A clock that only moves forward, in milliseconds. Defaults to `performance.now`. */
  readonly now?: (() => number) | undefined;
}

const bySeverity: readonly CallLevel[] = ["error", "warn", "info", "debug"];

/**
 * Writes a line when a call has ended: what was called, by whom, how it ended, how long it took and what travelled. At the
 * level `debug` there is another one when it begins, and at `trace` one for each message that {@link LoggingOptions.redact}
 * knows how to show. Without {@link LoggingOptions.redact} nothing of a message, and never a status text, gets into the log.
 *
 * Put it outside of `recovery`, so that what fails unexpectedly is `INTERNAL` in the log too, and inside `requestId` and
 * `realIp`.
 *
 * @throws TypeError for a share that is not from 0 to 1.
 */
export function logging(options: LoggingOptions): ServerInterceptor {
  const { logger, levelOf = defaultLevelOf, redact, now = () => performance.now() } = options;
  const isSampled = samplerOf(options);
  const writeLine = createLineWriter(logger);
  return withConcern("logging", (method) => {
    const levels = levelsOf(method, levelOf);
    const gravest = bySeverity.find((level) => levels.includes(level));
    const redaction = redact?.get(method.path);
    if (gravest === undefined) {
      return undefined;
    }

    const end = (call: InterceptedServerCall, startMs: number, status: Status, reason: string | undefined) => {
      const level = levels[status];
      if (level !== undefined && logger.isLevelEnabled(level) && (status !== Status.OK || isSampled())) {
        // The only response of a call is written out, and counted, once the interceptors are through.
        process.nextTick(write, level, call, { status, reason, durationMs: now() - startMs });
      }
    };
    const write = (level: CallLevel, call: InterceptedServerCall, ended: CallEnd) => {
      try {
        writeLine(level, describeCall(call, ended));
      } catch {
        // Nobody is left to hear that a line could not be written, and thrown here it would end the process.
      }
    };

    return async function logging(call, next) {
      if (!logger.isLevelEnabled(gravest)) {
        await next();
        return;
      }
      const startMs = now();
      begin(call, logger, redaction);
      try {
        await next();
      } catch (error) {
        end(call, startMs, statusOnServer(error), reasonOnServer(error));
        throw error;
      }
      end(call, startMs, Status.OK, undefined);
    };
  });
}

function begin(call: InterceptedServerCall, logger: CallLogger, redaction: PayloadRedaction | undefined): void {
  const peer = clientAddressOf(call); // it is remembered for the end, when the connection may be lost
  if (!logger.isLevelEnabled("debug")) {
    return;
  }
  try {
    logger.debug(
      { method: call.method.path, kind: call.method.kind, requestId: requestIdOf(call), peer },
      "call began",
    );
  } catch {
    // A call does not fail for its log.
  }
  if (redaction !== undefined && logger.isLevelEnabled("trace")) {
    writePayload(call, logger, redaction);
  }
}

/** The reason that the client is told. That of another server's status is not meant for it. */
function reasonOnServer(error: unknown): string | undefined {
  return error instanceof StatusError && !error.received ? error.reason : undefined;
}

function samplerOf({ sampleRate = 1, random = Math.random }: LoggingOptions): () => boolean {
  if (!(sampleRate >= 0 && sampleRate <= 1)) {
    throw new TypeError(`sampleRate is ${sampleRate}; it takes a share from 0 to 1`);
  }
  return sampleRate === 1 ? () => true : () => random() < sampleRate;
}
