/** Waits; rejects with the signal's reason when it is aborted before or meanwhile. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits in real time. */
export const sleepInRealTime: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error); // whatever the signal was aborted with
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
