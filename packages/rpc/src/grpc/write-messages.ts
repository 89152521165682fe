import type { Writable } from "node:stream";
import { endSource, iteratorOf } from "../message-source.js";

/**
 * Writes messages as fast as the peer takes them, and no faster.
 *
 * @param signal - Stops the writing and the source; the promise then rejects with the signal's reason.
 * @param toChunk - Makes of a message what is written. By default it is written as it is.
 */
export async function writeMessages(
  stream: Writable,
  messages: AsyncIterable<unknown> | Iterable<unknown>,
  signal: AbortSignal,
  toChunk: (message: unknown) => unknown = (message) => message,
): Promise<void> {
  signal.throwIfAborted();
  const source = iteratorOf(messages);
  // A source that waits for something which will never come hears of the end while it waits.
  const stop = () => void endSource(source);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      const chunk = toChunk(next.value);
      const ready = chunk instanceof Promise ? ((await chunk) as unknown) : chunk;
      signal.throwIfAborted();
      if (!stream.write(ready)) {
        await drained(stream, signal);
      }
    }
    signal.throwIfAborted();
  } catch (error) {
    await endSource(source);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
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
