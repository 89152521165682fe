import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { repositoryRoot } from "@rollcall/tool-command";

describe("the repository", () => {
  const read = (path: string) => readFile(join(repositoryRoot, path), "utf8");

  test("type-checks every workspace", async () => {
    const folders = ["packages", "tools"].map(async (group) =>
      (await readdir(join(repositoryRoot, group))).map((name) => `${group}/${name}`),
    );
    const workspaces = (await Promise.all(folders)).flat().filter((path) => isWorkspace(path));
    const references = [...(await read("tsconfig.json")).matchAll(/"path": "(.*?)"/g)].map(([, path]) => path);
    expect(references.sort()).toEqual(workspaces.sort());
  });

  test("locks its dependencies without naming where they were downloaded from", async () => {
    const resolved = [...(await read("package-lock.json")).matchAll(/"resolved": "(.*?)"/g)].map(
      ([, path = ""]) => path,
    );
    expect(resolved.filter((path) => !isWorkspace(path))).toEqual([]);
  });

  function isWorkspace(path: string): boolean {
    return existsSync(join(repositoryRoot, path, "package.json"));
  }
});
