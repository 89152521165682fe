import type { GeneratedFiles } from "./generated-files.js";

/** One file that is not what the protos compile to. */
export interface Difference {
  /** `edited`: its content is another. `missing`: it should exist. `stale`: it should not. */
  readonly kind: "edited" | "missing" | "stale";
  /** Relative to the root of the repository. */
  readonly path: string;
}

/** Lists, by path, the files that have to change to turn `actual` into `expected`. */
export function findDifferences(expected: GeneratedFiles, actual: GeneratedFiles): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [path, content] of expected) {
    const found = actual.get(path);
    if (found !== content) {
      differences.push({ kind: found === undefined ? "missing" : "edited", path });
    }
  }
  for (const path of actual.keys()) {
    if (!expected.has(path)) {
      differences.push({ kind: "stale", path });
    }
  }
  return differences.sort((one, other) => (one.path < other.path ? -1 : 1));
}
