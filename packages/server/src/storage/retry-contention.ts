import { setTimeout as delay } from "node:timers/promises";
import { StoreError } from "./store-error.js";

/** How {@link retryContention} goes about it. */
export interface RetryContentionOptions {
  /** How often to try at most. Defaults to 5. */
  readonly maxAttempts?: number;
  /** A number from 0 to below 1, to keep rivals from meeting again. Defaults to `Math.random`. */
  readonly random?: () => number;
}

/**
 * Runs a unit of work again when the database undid it in favour of another one (a deadlock, for instance).
 *
 * @throws {@link StoreError} `contention` when every attempt lost, and whatever else `attempt` throws at once
 */
export async function retryContention<T>(
  attempt: () => Promise<T>,
  { maxAttempts = 5, random = Math.random }: RetryContentionOptions = {},
): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts >= maxAttempts || !(error instanceof StoreError && error.kind === "contention")) {
        throw error;
      }
    }
    await delay(Math.ceil(random() * 20 * attempts));
  }
}
