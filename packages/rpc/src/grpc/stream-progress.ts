/** Something that counts what of a stream has gone out. */
export interface ProgressCounter {
  /** Grows with each response that the socket has taken. */
  readonly acknowledged: number;
}

const counters = new WeakMap<object, ProgressCounter>();

/** Says who counts a stream's progress: what waits in it tells nothing where as much is added as goes out. */
export function countProgress(stream: object, counter: ProgressCounter): void {
  counters.set(stream, counter);
}

/** How far a stream has got; 0 where nobody counts. */
export function progressOf(stream: object): number {
  return counters.get(stream)?.acknowledged ?? 0;
}
