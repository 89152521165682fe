import { tracingChannel } from "node:diagnostics_channel";
import type { CallLevel } from "../../call-level.js";
import { callEnded, type CallLine, plainJson } from "./call-line.js";
import type { CallLogger } from "./call-logger.js";
import { OpenedPino } from "./opened-pino.js";

/** Writes the line about the end of a call. */
export type WriteLine = (level: CallLevel, line: CallLine) => void;

/** A line with all fields, and one with those that are never left out. Both of texts that stand in JSON as they are. */
const fullLine: CallLine = {
  method: "/a.b/C",
  kind: "unary",
  status: "OK",
  durationMs: 1.5,
  requestId: "id",
  traceId: "trace",
  peer: "::1",
  user: "user",
  requests: 1,
  requestBytes: 2,
  responses: 3,
  responseBytes: 4,
  reason: "REASON",
};
const samples: readonly CallLine[] = [
  fullLine,
  { ...fullLine, requestId: undefined, traceId: undefined, user: undefined, reason: undefined },
];
const textJson = `,"msg":"${callEnded}"`;
/** Who listens here may change what pino writes. */
const pinoTracing = tracingChannel("pino_asJson");

/**
 * Writes lines through the logger. Where that is one of pino's, lines of plain texts and numbers are put together here, as
 * pino would write them, and go to where pino writes: its way of finding out about each field costs ten times as much. All
 * others go through pino, whose escaping they need.
 */
export function createLineWriter(logger: CallLogger): WriteLine {
  const pino = openAlike(logger);
  return (level, line) => {
    const json = pino === undefined || pinoTracing.hasSubscribers ? undefined : plainJson(line);
    if (pino === undefined || json === undefined) {
      logger[level](line, callEnded);
    } else {
      pino.write(level, json + textJson);
    }
  };
}

/** Opens a logger whose lines can be written in its place: they come out of its hands as they do out of ours. */
function openAlike(logger: CallLogger): OpenedPino | undefined {
  try {
    const pino = new OpenedPino(logger);
    const isAlike = (line: CallLine) =>
      pino.sampleOf("info", line, callEnded) === pino.lineOf("info", `${plainJson(line) ?? ""}${textJson}`);
    return !pino.isCustomized([...Object.keys(fullLine), "msg"]) && samples.every(isAlike) ? pino : undefined;
  } catch {
    return undefined; // it is none of pino's
  }
}
