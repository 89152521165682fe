import type { Logger } from "./logger.js";

/**
 * Ends the process with exit code 1 when something was thrown that nobody caught: what state it left is not known, so
 * nothing more is answered from it.
 */
export function exitOnUncaught(logger: Logger): void {
  const exit = (error: unknown) => {
    logger.fatal({ error }, "something failed that nobody foresaw; the server ends");
    process.exit(1);
  };
  process.on("uncaughtException", exit);
  process.on("unhandledRejection", exit);
}
