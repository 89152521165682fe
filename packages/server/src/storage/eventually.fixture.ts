import { setTimeout as delay } from "node:timers/promises";

/** Tries again and again, as quickly as a machine may, until `attempt` no longer rejects, and at most for `timeoutMs`. */
export async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 10_000): Promise<T> {
  const deadline = new Date(Date.now() + timeoutMs);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (new Date() > deadline) {
        throw new Error(`not within ${timeoutMs} ms`, { cause: error });
      }
    }
    await delay(5);
  }
}
