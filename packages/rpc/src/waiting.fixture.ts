import { createDeferred, type Deferred } from "./deferred.js";

/** A promise that a handler settles for the test to await. */
export function createGate(): Deferred<undefined> {
  return createDeferred<undefined>();
}

/** All messages of a stream, in order. */
export async function collect<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const collected = [];
  for await (const message of messages) {
    collected.push(message);
  }
  return collected;
}

/** Resolves when the signal is aborted, with its reason. */
export function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(signal.reason);
    }
    signal.addEventListener("abort", () => {
      resolve(signal.reason);
    });
  });
}

/** What a promise was rejected with. Fails when it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise was resolved");
}
