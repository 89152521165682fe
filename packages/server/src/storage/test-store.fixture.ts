import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import type { OpenStoreOptions } from "./open-store.js";
import { openStore } from "./open-store.js";
import type { Store } from "./store.js";
import { createTestDatabase } from "./test-postgres.fixture.js";

/** The databases that every test of the store runs on. */
export const databaseNames = ["SQLite", "PostgreSQL"] as const;

/** One of {@link databaseNames}. */
export type DatabaseName = (typeof databaseNames)[number];

/** Where a store can be opened, as often as wanted; it is removed with all that it holds when it is disposed of. */
export interface TestHome extends AsyncDisposable {
  readonly options: Pick<OpenStoreOptions, "databaseUrl" | "dataDir">;
}

/** Makes an empty database of either kind. */
export async function createTestHome(name: DatabaseName): Promise<TestHome> {
  const dataDir = mkdtempSync(join(tmpdir(), "rollcall-store-"));
  const database = name === "PostgreSQL" ? await createTestDatabase() : undefined;
  return {
    options: { databaseUrl: database?.url, dataDir },

    async [Symbol.asyncDispose]() {
      await database?.[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A store on an empty database for all tests of the surrounding `describe`. */
export function givenStore(name: DatabaseName, options: Partial<OpenStoreOptions> = {}): { readonly store: Store } {
  let home: TestHome | undefined;
  let store: Store | undefined;

  beforeAll(async () => {
    home = await createTestHome(name);
    store = await openStore({ ...home.options, ...options });
  });

  afterAll(async () => {
    await store?.close();
    await home?.[Symbol.asyncDispose]();
  });

  return {
    get store() {
      if (store === undefined) {
        throw new Error("the store is opened before the first test, not while tests are described");
      }
      return store;
    },
  };
}
