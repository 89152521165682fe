import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compileProtos } from "./compile-protos.js";
import { findDifferences } from "./difference.js";
import type { Difference } from "./difference.js";
import { readGeneratedFiles } from "./generated-files.js";

/**
 * Makes the generated files below `root` what its protos compile to: stale ones go, and those that are right already
 * are not touched.
 *
 * @returns what differed before.
 * @throws Error with Buf's output when the protos do not compile; then nothing is changed.
 */
export async function updateGenerated(root: string): Promise<readonly Difference[]> {
  const expected = await compileProtos(root);
  const differences = findDifferences(expected, await readGeneratedFiles(root));
  for (const { path } of differences) {
    const content = expected.get(path);
    await (content === undefined ? rm(join(root, path)) : write(join(root, path), content));
  }
  return differences;
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
