import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startChild } from "../child.fixture.js";
import { openStore } from "../open-store.js";

describe("a data folder", () => {
  let dataDir: string;

  beforeEach(() => {
    dataDir = join(mkdtempSync(join(tmpdir(), "rollcall-folder-")), "new", "data");
  });

  afterEach(() => {
    rmSync(join(dataDir, "..", ".."), { recursive: true, force: true });
  });

  test("is made with files in it that only this user can read", async () => {
    const store = await openStore({ databaseUrl: undefined, dataDir });
    await store.write((unit) => unit.users.insert({ name: "Ada", email: "ada@example.com", status: 1 }));

    const modes = readdirSync(dataDir).map((file) => [file, modeOf(join(dataDir, file))]);
    await store.close();

    expect(modeOf(dataDir)).toBe("700");
    expect(Object.fromEntries(modes)).toEqual({
      "rollcall.db": "600",
      "rollcall.db-shm": "600",
      "rollcall.db-wal": "600",
      "rollcall.lock": "600",
      "rollcall.pid": "600",
    });
  });

  test("that another process has open is refused, with its path and the process's id", async () => {
    await using holder = startChild("hold-store.fixture.ts", { dataDir });
    await holder.waitForLines(1);

    await expect(openStore({ databaseUrl: undefined, dataDir })).rejects.toMatchObject({
      kind: "folderInUse",
      message: `data folder "${dataDir}" is in use by process ${holder.pid}; stop it or choose another folder`,
    });

    expect(holder.lines).toEqual(["open"]);
  });

  test("that this process has open is refused to it and to another one, also after this refusal", async () => {
    const store = await openStore({ databaseUrl: undefined, dataDir });
    await expect(openStore({ databaseUrl: undefined, dataDir })).rejects.toMatchObject({ kind: "folderInUse" });

    await using second = startChild("hold-store.fixture.ts", { dataDir });
    await second.waitForLines(1);
    await store.close();

    expect(second.lines[0]).toContain(`is in use by process ${process.pid}`);
  });

  test("is free as soon as its process was killed", async () => {
    const holder = startChild("hold-store.fixture.ts", { dataDir });
    await holder.waitForLines(1);
    await holder.kill();

    const store = await openStore({ databaseUrl: undefined, dataDir });

    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
  });

  test("is free again when its store is closed, and keeps what is in it", async () => {
    const first = await openStore({ databaseUrl: undefined, dataDir });
    const user = await first.write((unit) => unit.users.insert({ name: "Ada", email: "ada@example.com", status: 1 }));
    await first.close();

    const second = await openStore({ databaseUrl: undefined, dataDir });

    await expect(second.users.find(user.id)).resolves.toEqual(user);
    await second.close();
  });

  test("that is a file is refused with its path", async () => {
    mkdirSync(join(dataDir, ".."), { recursive: true });
    writeFileSync(dataDir, "");

    await expect(openStore({ databaseUrl: undefined, dataDir })).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.stringContaining(`cannot use data folder "${dataDir}"`),
    });
  });

  test("whose database is not one is refused, and free again", async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, "rollcall.db"), "a text file that is long enough to be looked at\n".repeat(100));

    await expect(openStore({ databaseUrl: undefined, dataDir })).rejects.toMatchObject({ kind: "internal" });

    rmSync(join(dataDir, "rollcall.db"));
    const store = await openStore({ databaseUrl: undefined, dataDir });
    await store.close();
  });
});

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}
