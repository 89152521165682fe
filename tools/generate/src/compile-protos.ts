import { join } from "node:path";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";
import { readGeneratedFiles } from "./generated-files.js";
import type { GeneratedFiles } from "./generated-files.js";
import { writeDescriptorSets } from "./descriptor-set.js";

/**
 * Compiles the protos below `root` as its `buf.gen.yaml` says, and adds the descriptor sets. Writes only to a temporary
 * folder.
 *
 * @throws Error with Buf's output when the protos do not compile.
 */
export async function compileProtos(root: string): Promise<GeneratedFiles> {
  await using folder = await createTemporaryFolder();
  // The plugins of buf.gen.yaml are found from the folder that Buf runs in, and the protos may be elsewhere.
  const args = ["generate", root, "--template", join(root, "buf.gen.yaml"), "--output", folder.path];
  const { exitCode, output } = await runCommand("buf", args, { folder: repositoryRoot });
  if (exitCode !== 0) {
    throw new Error(`buf generate failed:\n${output}`);
  }
  await writeDescriptorSets(root, folder.path);
  return await readGeneratedFiles(folder.path);
}
