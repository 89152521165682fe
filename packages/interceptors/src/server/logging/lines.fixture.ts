import { type LoggerOptions, pino, stdTimeFunctions } from "pino";

const secretNames = ["password", "passwordHash", "accessToken", "refreshToken", "authorization", "databaseUrl"];

/** How Rollcall's own server makes its logger. */
export const serverLoggerOptions: LoggerOptions = {
  level: "info",
  base: null,
  timestamp: stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  serializers: { error: (error: unknown) => String(error) },
  redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: "***" },
};

/** A logger of pino, and the lines that it has written. */
export function createLines(options: LoggerOptions = serverLoggerOptions) {
  const lines: string[] = [];
  const logger = pino(options, { write: (line: string) => lines.push(line) });
  return { logger, lines };
}

/** What the lines say. */
export function parsed(lines: readonly string[]): unknown[] {
  return lines.map((line) => JSON.parse(line) as unknown);
}
