import { compileProtos } from "./compile-protos.js";
import { findDifferences } from "./difference.js";
import type { Difference } from "./difference.js";
import { readGeneratedFiles } from "./generated-files.js";

/**
 * Compares the generated files below `root` with what its protos compile to. Writes nothing there.
 *
 * @throws Error with Buf's output when the protos do not compile.
 */
export async function checkGenerated(root: string): Promise<readonly Difference[]> {
  return findDifferences(await compileProtos(root), await readGeneratedFiles(root));
}
