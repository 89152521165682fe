import { setTimeout as sleepReally } from "node:timers/promises";
import type { ServerInterceptor } from "@rollcall/rpc";
import { type FaultSelection, strikes } from "./fault-selection.js";

/** Which calls to delay, and by which clock. */
export interface DelayOptions extends FaultSelection {
  /** Waits; rejects when the signal is aborted. Defaults to real time. A fake clock's `sleep` fits. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Holds each call back for `delayMs` before its handler runs. A call that ends meanwhile never reaches it. */
export function delayCalls(delayMs: number, options: DelayOptions = {}): ServerInterceptor {
  const sleep = options.sleep ?? sleepInRealTime;
  return (method) => {
    if (!strikes(options, method)) {
      return undefined;
    }
    return async function delayCall(call, next) {
      try {
        await sleep(delayMs, call.signal);
      } catch {
        call.signal.throwIfAborted();
      }
      await next();
    };
  };
}

function sleepInRealTime(ms: number, signal: AbortSignal): Promise<void> {
  return sleepReally(ms, undefined, { signal });
}
