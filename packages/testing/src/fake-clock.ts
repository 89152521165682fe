/** A clock that stands still until it is told to go on. */
export interface FakeClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /**
   * Waits until the clock has been advanced by `ms`.
   *
   * @throws the signal's reason when it is aborted before or meanwhile.
   */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Lets `ms` pass: wakes the sleepers one after the other, in the order of their times, and lets each do what it does
   * next before the following one wakes. Sleeps that begin meanwhile count from the time of their beginning.
   */
  readonly advance: (ms: number) => Promise<void>;
  /** Resolves as soon as `count` sleepers wait, to advance the clock no earlier. Defaults to one. */
  readonly sleepers: (count?: number) => Promise<void>;
}

interface Sleeper {
  readonly wakeAtMs: number;
  readonly wake: () => void;
}

/**
 * Makes a clock to give to code that takes `now` and `sleep` as options. Nothing global changes.
 *
 * @param startMs - What the clock shows at first. Defaults to 2020-01-01.
 */
export function createFakeClock(startMs = Date.UTC(2020, 0, 1)): FakeClock {
  let nowMs = startMs;
  const asleep = new Set<Sleeper>();
  const watchers = new Set<() => void>();

  return {
    now: () => nowMs,

    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const stop = () => {
          asleep.delete(sleeper);
          reject(signal?.reason as Error); // whatever the signal was aborted with
        };
        const wake = () => {
          asleep.delete(sleeper);
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const sleeper = { wakeAtMs: nowMs + ms, wake };
        asleep.add(sleeper);
        signal?.addEventListener("abort", stop, { once: true });
        watchers.forEach((look) => {
          look();
        });
      }),

    async advance(ms) {
      const untilMs = nowMs + ms;
      for (let next = nextOf(asleep, untilMs); next !== undefined; next = nextOf(asleep, untilMs)) {
        nowMs = Math.max(nowMs, next.wakeAtMs);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
    },

    sleepers: (count = 1) =>
      new Promise((resolve) => {
        const look = () => {
          if (asleep.size >= count) {
            watchers.delete(look);
            resolve();
          }
        };
        watchers.add(look);
        look();
      }),
  };
}

/** The sleeper to wake first; of those at the same time the one that went to sleep first. */
function nextOf(asleep: ReadonlySet<Sleeper>, untilMs: number): Sleeper | undefined {
  const due = [...asleep].filter(({ wakeAtMs }) => wakeAtMs <= untilMs);
  return due.sort((a, b) => a.wakeAtMs - b.wakeAtMs)[0];
}

/** Lets all promises that are ready run their course. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
