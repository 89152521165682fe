import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { isInstalled } from "./is-installed.mjs";

describe("isInstalled", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "rollcall-"));
    await writeLock("package-lock.json", {
      "": { version: "0.0.0" },
      "node_modules/zod": { version: "4.6.7" },
      "node_modules/for-another-platform": { version: "1.0.0", optional: true },
      "node_modules/@rollcall/rpc": { link: true },
    });
  });

  afterEach(() => rm(root, { recursive: true }));

  const link = { "node_modules/@rollcall/rpc": { link: true } };

  test.each([
    [true, "what the lockfile says", { ...link, "node_modules/zod": { version: "4.6.7" } }],
    [false, "another version", { ...link, "node_modules/zod": { version: "4.6.6" } }],
    [false, "too little", link],
    [false, "no link to a workspace", { "node_modules/zod": { version: "4.6.7" } }],
  ])("is %s when node_modules holds %s", async (expected, _case, packages) => {
    await mkdir(join(root, "node_modules"));
    await writeLock("node_modules/.package-lock.json", packages);
    expect(isInstalled(root)).toBe(expected);
  });

  test("is false when there is no node_modules", () => {
    expect(isInstalled(root)).toBe(false);
  });

  async function writeLock(path: string, packages: object): Promise<void> {
    await writeFile(join(root, path), JSON.stringify({ packages }));
  }
});
