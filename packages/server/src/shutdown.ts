import type * as grpc from "@grpc/grpc-js";
import { shutDown } from "@rollcall/rpc/grpc";
import type { Health } from "./health.js";
import type { RunningCalls } from "./running-calls.js";

/** What goes away, and what is told to. */
export interface ShutdownParts {
  readonly server: grpc.Server;
  readonly health: Health;
  readonly runningCalls: RunningCalls;
  /** Told first: no new calls, and streams without an end of their own end. */
  readonly draining: AbortController;
  /** Told when the grace is over: all calls end. */
  readonly overdue: AbortController;
  /** How long running calls may go on, in milliseconds. */
  readonly graceMs: number;
}

const lastWordsMs = 1_000;

/**
 * Stops a server without breaking calls. Health turns `NOT_SERVING` first and can be asked until the running calls have
 * ended; those that outlast the grace are ended with a status, and only then are connections closed.
 *
 * @returns whether all calls ended by themselves.
 */
export async function drainServer(parts: ShutdownParts): Promise<boolean> {
  const { server, health, runningCalls, draining, overdue, graceMs } = parts;
  health.leave();
  draining.abort();
  const ended = await endsWithin(runningCalls.none(), graceMs);
  overdue.abort();
  health.endWatches();
  await shutDown(server, lastWordsMs);
  return ended;
}

async function endsWithin(end: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([end.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
