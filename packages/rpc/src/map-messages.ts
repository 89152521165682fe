import { iteratorOf } from "./message-source.js";

/**
 * The same stream with each message passed through `map` as it is taken.
 *
 * Unlike a generator it hands an early end on at once, also while the next message is still awaited, so that a source
 * which waits for something that will never come is told to stop.
 */
export function mapMessages<T, R>(
  messages: AsyncIterable<T> | Iterable<T>,
  map: (message: T) => R | Promise<R>,
): AsyncIterable<R> {
  return { [Symbol.asyncIterator]: () => mapIterator(iteratorOf(messages), map) };
}

function mapIterator<T, R>(
  source: AsyncIterator<T> | Iterator<T>,
  map: (message: T) => R | Promise<R>,
): AsyncIterator<R, undefined> {
  return {
    async next() {
      const result = await source.next();
      return result.done === true ? { done: true, value: undefined } : { done: false, value: await map(result.value) };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}
