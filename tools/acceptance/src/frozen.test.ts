import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createTemporaryFolder, runCommand } from "@rollcall/tool-command";

test("the contract still has every name, number and type of the part that may never change", async () => {
  await using folder = await createTemporaryFolder();
  const frozen = join(folder.path, "frozen.binpb");
  const build = await runCommand("buf", ["build", join("tools", "acceptance", "frozen"), "--output", frozen]);
  expect(build).toEqual({ exitCode: 0, output: "" });
  await expect(runCommand("buf", ["breaking", "--against", frozen])).resolves.toEqual({ exitCode: 0, output: "" });
});
