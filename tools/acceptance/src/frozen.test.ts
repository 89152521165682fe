import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { createTemporaryFolder, runCommand } from "@rollcall/tool-command";

// Whether a call may be repeated is for clients to know, and changes nothing on the wire.
const config = JSON.stringify({
  version: "v2",
  modules: [{ path: "proto" }],
  breaking: { use: ["WIRE_JSON", "RPC_NO_DELETE", "FIELD_SAME_CARDINALITY"], except: ["RPC_SAME_IDEMPOTENCY_LEVEL"] },
});

test("the contract still has every name, number and type of the part that may never change", async () => {
  await using folder = await createTemporaryFolder();
  const frozen = join(folder.path, "frozen.binpb");
  const build = await runCommand("buf", ["build", join("tools", "acceptance", "frozen"), "--output", frozen]);
  expect(build).toEqual({ exitCode: 0, output: "" });
  await expect(runCommand("buf", ["breaking", "--against", frozen, "--config", config])).resolves.toEqual({
    exitCode: 0,
    output: "",
  });
});
