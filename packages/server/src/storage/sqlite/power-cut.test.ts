import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import Libsql from "libsql";
import { startChild } from "../child.fixture.js";
import { eventually } from "../eventually.fixture.js";
import { openStore } from "../open-store.js";
import { createTestHome } from "../test-store.fixture.js";
import { canMountLoopDisks, createLoopDisk } from "./loop-disk.fixture.js";

const isSoak = process.env["ROLLCALL_SOAK"] === "1";
const rounds = isSoak ? 10 : 2;
const testOnLoopDisk = (await canMountLoopDisks()) ? test : test.skip;

describe("when the power is cut", () => {
  testOnLoopDisk(
    "all users that SQLite acknowledged are on the disk, which is sound (needs loop devices)",
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        await expectNothingLost(100 + 37 * round);
      }
    },
    isSoak ? 300_000 : 60_000,
  );
});

async function expectNothingLost(userCount: number): Promise<void> {
  await using disk = createLoopDisk();
  await using writer = startChild("write-users.fixture.ts", { dataDir: join(disk.folder, "data") });
  await writer.waitForLines(userCount);
  await stop(writer.pid);
  await using home = await createTestHome("SQLite");
  disk.copyAfterPowerCut(home.options.dataDir);
  await writer.kill();

  const dataDir = join(home.options.dataDir, "data");
  const store = await openStore({ databaseUrl: undefined, dataDir });
  const found = await store.users.findMany(writer.lines);
  await store.close();

  expect(found.map((user) => user.id)).toEqual(writer.lines);
  const database = new Libsql(join(dataDir, "rollcall.db"));
  expect(database.prepare("pragma integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  database.close();
}

/** Stops a process where it is, so that it acknowledges nothing more while its disk is copied. */
async function stop(pid: number): Promise<void> {
  process.kill(pid, "SIGSTOP");
  await eventually(async () => {
    expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toMatch(/^\d+ \(.*\) T /);
  });
}
