/** What logging needs of a logger. One of pino is one. */
export interface CallLogger {
  isLevelEnabled(level: string): boolean;
  trace(fields: object, text: string): void;
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}
