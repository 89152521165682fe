import { type Layer, Status } from "@rollcall/rpc";

/** Keeps the figures of one method's calls. Must not throw: it would end the calls that it measures. */
export interface CallRecorder<C> {
  started(call: C): void;
  /** Called once for each call that started. */
  ended(call: C, status: Status, durationS: number): void;
}

/** How ends are told and durations are taken. */
export interface Measuring {
  /** The status that a call ends with which fails with this. */
  readonly statusOf: (error: unknown) => Status;
  /** Milliseconds since some fixed moment. */
  readonly elapsedMs: () => number;
}

/** Tells the recorder of the beginning and the end of each call. */
export function measureCalls<C>(recorder: CallRecorder<C>, { statusOf, elapsedMs }: Measuring): Layer<C> {
  return async function measureCall(call, next) {
    const startMs = elapsedMs();
    recorder.started(call);
    try {
      await next();
    } catch (error) {
      recorder.ended(call, statusOf(error), (elapsedMs() - startMs) / 1_000);
      throw error;
    }
    recorder.ended(call, Status.OK, (elapsedMs() - startMs) / 1_000);
  };
}

/** Milliseconds since the program began, by a clock that is never set back. */
export function elapsedSinceStartMs(): number {
  return performance.now();
}
