import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";

const timeoutMs = 60_000;
const tool = join(repositoryRoot, "tools", "bench");

describe("the code that connect-node serves", () => {
  test(
    "is what protoc-gen-es makes of the contract (to update it: ROLLCALL_UPDATE_TESTDATA=1)",
    async () => {
      await using folder = await createTemporaryFolder();
      const { exitCode, output } = await runCommand(
        "buf",
        ["generate", repositoryRoot, "--template", join(tool, "buf.gen.yaml"), "--output", folder.path],
        { folder: repositoryRoot },
      );
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      if (process.env["ROLLCALL_UPDATE_TESTDATA"] === "1") {
        await cp(join(folder.path, "src/gen"), join(tool, "src/gen"), { recursive: true });
      }
      expect(await readTree(join(tool, "src/gen"))).toEqual(await readTree(join(folder.path, "src/gen")));
    },
    timeoutMs,
  );
});

async function readTree(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const files = paths.map(async (path) => [path.slice(folder.length), await readFile(path, "utf8")] as const);
  return Object.fromEntries(await Promise.all(files));
}
