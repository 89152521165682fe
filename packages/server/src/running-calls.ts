import type { ServerInterceptor } from "@rollcall/rpc";

/** Knows how many calls run. */
export interface RunningCalls {
  /** Counts the calls that it surrounds; put it outermost. */
  readonly interceptor: ServerInterceptor;
  /** Resolves as soon as none runs, also with calls that began meanwhile. */
  none(): Promise<void>;
}

/** Counts calls, so that a server can go away once it has answered them all. */
export function createRunningCalls(): RunningCalls {
  let count = 0;
  let waiting: (() => void)[] = [];

  const end = () => {
    count--;
    if (count === 0) {
      const resolvers = waiting;
      waiting = [];
      resolvers.forEach((resolve) => {
        resolve();
      });
    }
  };

  return {
    interceptor: () =>
      async function countCall(_call, next) {
        count++;
        try {
          await next();
        } finally {
          end();
        }
      },
    none: () => (count === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
