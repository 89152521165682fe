import type { Caller } from "@rollcall/interceptors/server/caller";
import { LRUCache } from "lru-cache";

/** How many failed calls are written within a minute. */
export interface FailureBudgetOptions {
  /** Of one caller, or of one address where nobody said who calls. Defaults to 20. */
  readonly perSource?: number | undefined;
  /** Of all who did not say who they are. Defaults to 200. */
  readonly anonymous?: number | undefined;
  /** How many callers and addresses are told apart. Defaults to 10,000. */
  readonly maxSources?: number | undefined;
  /** Milliseconds that never run backwards. Defaults to `performance.now`. */
  readonly now?: (() => number) | undefined;
}

/** Who made a call that failed. */
interface FailureSource {
  readonly caller: Pick<Caller, "subject"> | undefined;
  /** The address of the client. */
  readonly peer: string;
}

/** Keeps those from filling the audit log who have no rights but to fail. */
export interface FailureBudget {
  /**
   * Takes part of the budget for one failed call.
   *
   * @returns how many failed calls were left out since the last one that was written; undefined when this one is left out
   */
  take(source: FailureSource): number | undefined;
}

interface Spent {
  count: number;
  readonly untilMs: number;
}

const minuteMs = 60_000;

/** Makes the budget that all calls of a server share. */
export function createFailureBudget(options: FailureBudgetOptions = {}): FailureBudget {
  const { perSource = 20, anonymous = 200, maxSources = 10_000, now = () => performance.now() } = options;
  const spentBy = new LRUCache<string, Spent>({ max: maxSources });
  let leftOut = 0;

  const spend = (source: string, limit: number): boolean => {
    const known = spentBy.get(source);
    const spent = known !== undefined && now() < known.untilMs ? known : { count: 0, untilMs: now() + minuteMs };
    spent.count = Math.min(spent.count + 1, limit + 1);
    spentBy.set(source, spent);
    return spent.count <= limit;
  };

  return {
    take({ caller, peer }) {
      const isWithin =
        caller === undefined
          ? spend(`peer ${peer}`, perSource) && spend("anonymous", anonymous)
          : spend(`caller ${caller.subject}`, perSource);
      const before = leftOut;
      leftOut = isWithin ? 0 : leftOut + 1;
      return isWithin ? before : undefined;
    },
  };
}
