import { setTimeout as wait } from "node:timers/promises";

const pollMs = 5;

/** Waits until the condition holds. The time limit of the test ends a wait in vain. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await wait(pollMs);
  }
}
