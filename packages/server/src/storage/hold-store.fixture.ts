import { setInterval } from "node:timers";
import { readStoreOptions } from "./child.fixture.js";
import { openStore } from "./open-store.js";

/** Opens a store, prints `open`, and keeps it until the process is killed; prints why when it cannot. */
try {
  const store = await openStore(readStoreOptions());
  await store.ping();
  console.log("open");
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
