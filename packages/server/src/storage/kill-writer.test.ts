import { describe, expect, test } from "@jest/globals";
import { startChild } from "./child.fixture.js";
import { openStore } from "./open-store.js";
import type { TestHome } from "./test-store.fixture.js";
import { createTestHome, databaseNames } from "./test-store.fixture.js";

const isSoak = process.env["ROLLCALL_SOAK"] === "1";
const rounds = isSoak ? 20 : 2;

describe.each(databaseNames)("a process that writes to %s", (name) => {
  test(
    "is killed again and again: all that it acknowledged is there, and the store opens within 2 s",
    async () => {
      await using home = await createTestHome(name);
      const acknowledged: string[] = [];

      for (let round = 0; round < rounds; round += 1) {
        acknowledged.push(...(await writeUntilKilled(home, 200 + 50 * round)));
        const openedAtMs = performance.now();
        const store = await openStore(home.options);
        expect(performance.now() - openedAtMs).toBeLessThan(2_000);

        const found = await store.users.findMany(acknowledged);
        await store.close();

        expect(found.map((user) => user.id)).toEqual(acknowledged);
      }
    },
    isSoak ? 600_000 : 60_000,
  );
});

/** What a process acknowledged before it was killed, at some moment after `count` users. */
async function writeUntilKilled(home: TestHome, count: number): Promise<readonly string[]> {
  await using writer = startChild("write-users.fixture.ts", home.options);
  await writer.waitForLines(count);
  await writer.kill();
  return writer.lines;
}
