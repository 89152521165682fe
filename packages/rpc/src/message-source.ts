/** Goes through the messages of either kind of iterable. */
export function iteratorOf<T>(messages: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in messages ? messages[Symbol.asyncIterator]() : messages[Symbol.iterator]();
}

/** Tells a source that no more of its messages are wanted. What it has to say to that concerns nobody. */
export async function endSource(source: AsyncIterator<unknown> | Iterator<unknown>): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // The call has failed already, for a reason that says more.
  }
}
