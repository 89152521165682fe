import type { Writable } from "node:stream";

/**
 * Writes messages as fast as the peer takes them, and no faster.
 *
 * @param signal - Stops the writing; the promise then rejects with the signal's reason.
 */
export async function writeMessages(
  stream: Writable,
  messages: AsyncIterable<unknown> | Iterable<unknown>,
  signal: AbortSignal,
  beforeEach?: (message: unknown) => void | Promise<void>,
): Promise<void> {
  signal.throwIfAborted();
  for await (const message of messages) {
    await beforeEach?.(message);
    signal.throwIfAborted();
    if (!stream.write(message)) {
      await drained(stream, signal);
    }
  }
}

function drained(stream: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      stream.off("drain", proceed);
      reject(signal.reason as Error); // our signals are aborted with errors only
    };
    const proceed = () => {
      signal.removeEventListener("abort", stop);
      resolve();
    };
    if (signal.aborted) {
      stop();
      return;
    }
    stream.once("drain", proceed);
    signal.addEventListener("abort", stop, { once: true });
  });
}
