import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { eventually } from "../eventually.fixture.js";
import { openStore } from "../open-store.js";
import { startOwnPostgres } from "../own-postgres.fixture.js";
import { StoreError } from "../store-error.js";
import type { Store } from "../store.js";

const isSoak = process.env["ROLLCALL_SOAK"] === "1";
const rounds = isSoak ? 10 : 2;

describe("when PostgreSQL crashes under load", () => {
  test(
    "no acknowledged user is lost, calls fail fast as unavailable, and the store recovers by itself",
    async () => {
      await using server = await startOwnPostgres();
      const store = await openStore({ databaseUrl: server.url, dataDir: "unused" });
      const load = startLoad(store);

      for (let round = 0; round < rounds; round += 1) {
        await load.waitForMore(200);
        server.kill();
        await eventually(() => expect(store.ping()).rejects.toMatchObject({ kind: "unavailable" }));
        await server.restart();
        await eventually(() => store.ping());
      }
      await load.waitForMore(200);
      await load.stop();

      const found = await store.users.findMany(load.acknowledged);
      expect(found).toHaveLength(load.acknowledged.length);
      expect(new Set(load.failures)).toEqual(new Set(["unavailable"]));
      expect(load.longestFailureMs).toBeLessThan(3_000);
      await store.close();
    },
    isSoak ? 300_000 : 60_000,
  );
});

interface Load {
  readonly acknowledged: readonly string[];
  /** How the units of work failed that did. */
  readonly failures: readonly string[];
  readonly longestFailureMs: number;
  waitForMore(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Creates users from eight writers at once until it is stopped. */
function startLoad(store: Store): Load {
  const acknowledged: string[] = [];
  const failures: string[] = [];
  let longestFailureMs = 0;
  let isRunning = true;

  async function write(email: string): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const user = await store.write((unit) => unit.users.insert({ name: "Ada", email, status: 1 }));
      acknowledged.push(user.id);
    } catch (error) {
      failures.push(error instanceof StoreError ? error.kind : String(error));
      longestFailureMs = Math.max(longestFailureMs, performance.now() - startedAtMs);
      // A refused connection fails within a millisecond: without a pause the writers would take the whole machine.
      await delay(10);
    }
  }

  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let number = 0; isRunning; number += 1) {
      await write(`${writer}.${number}@example.com`);
    }
  });

  return {
    acknowledged,
    failures,

    get longestFailureMs() {
      return longestFailureMs;
    },

    async waitForMore(count) {
      const enough = acknowledged.length + count;
      await eventually(async () => {
        expect(acknowledged.length).toBeGreaterThanOrEqual(enough);
      }, 30_000);
    },

    async stop() {
      isRunning = false;
      await Promise.all(writers);
    },
  };
}
