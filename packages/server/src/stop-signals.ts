import { constants } from "node:os";

const stopSignals = ["SIGTERM", "SIGINT"] as const;

/**
 * Listens for SIGTERM and SIGINT. The first aborts the signal that comes back. The second ends the process at once, with
 * the exit code that a shell reports for it: 143 or 130.
 */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  for (const name of stopSignals) {
    process.on(name, () => {
      if (stop.signal.aborted) {
        process.exit(128 + constants.signals[name]);
      }
      stop.abort(new Error(`stopped by ${name}`));
    });
  }
  return stop.signal;
}
