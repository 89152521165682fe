import type { Health } from "./health.js";
import type { Logger } from "./logger.js";
import { probe } from "./probe.js";
import type { Store } from "./storage/store.js";

/** Who hears of the database. */
export interface WatchDatabaseOptions {
  readonly health: Health;
  readonly logger: Logger;
  /** Ends the watch when aborted. */
  readonly signal: AbortSignal;
}

/** Keeps health at `NOT_SERVING` for as long as the database does not answer, and logs when that changes. */
export function watchDatabase(store: Store, { health, logger, signal }: WatchDatabaseOptions): Promise<void> {
  return probe({
    ping: () => store.ping(),
    onChange: (well, error) => {
      health.setServing(well);
      if (well) {
        logger.info("the database answers again");
      } else {
        logger.error({ error }, "the database does not answer");
      }
    },
    signal,
  });
}
