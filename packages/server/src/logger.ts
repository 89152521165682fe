import { type DestinationStream, type LevelWithSilent, type Logger, pino, stdTimeFunctions } from "pino";
import { prettyFactory } from "pino-pretty";
import { describeError } from "./describe-error.js";

export type { Logger } from "pino";

/** How much is logged, and where to. */
export interface LoggerOptions {
  /** The least severe messages to log. */
  readonly level: LevelWithSilent;
  /** Whether people read along: lines of text instead of JSON. Defaults to whether standard output is a terminal. */
  readonly readable?: boolean | undefined;
  /** Where to. Defaults to standard output. */
  readonly destination?: DestinationStream | undefined;
}

const secretNames = ["password", "passwordHash", "accessToken", "refreshToken", "authorization", "databaseUrl"];
const secretPaths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/**
 * Makes a logger that writes each message before it goes on, so that the last words of a process are not lost. Give it
 * what was thrown as `error`. Fields that are named like secrets are not shown.
 */
export function createLogger({ level, readable = process.stdout.isTTY, destination }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: (error: unknown) => describeError(error) },
      redact: { paths: secretPaths, censor: "***" },
    },
    readable ? createReadable(destination) : (destination ?? pino.destination({ dest: 1, sync: true })),
  );
}

/** Formats in this process, line by line: what a worker or a stream has not written when the process ends is lost. */
function createReadable(destination: DestinationStream | undefined): DestinationStream {
  const format = prettyFactory({
    colorize: destination === undefined,
    translateTime: "SYS:HH:MM:ss",
    errorLikeObjectKeys: ["error"],
    singleLine: true,
  });
  return {
    write(line) {
      const text = format(line);
      if (destination === undefined) {
        process.stdout.write(text); // waits for a terminal
      } else {
        destination.write(text);
      }
    },
  };
}
