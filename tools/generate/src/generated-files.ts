import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** Content by path. Paths are relative to the root of the repository, with forward slashes, in order. */
export type GeneratedFiles = ReadonlyMap<string, string>;

/** Reads every file below `packages/<name>/src/gen` and `docs/reference`. A `root` without these folders has none. */
export async function readGeneratedFiles(root: string): Promise<GeneratedFiles> {
  const packages = join(root, "packages");
  const names = existsSync(packages) ? await readdir(packages) : [];
  const folders = names.sort().map((name) => join(packages, name, "src", "gen"));
  const files = new Map<string, string>();
  for (const folder of [join(root, "docs", "reference"), ...folders]) {
    for (const path of await listFiles(folder)) {
      files.set(relative(root, path).split(sep).join("/"), await readFile(path, "utf8"));
    }
  }
  return files;
}

async function listFiles(folder: string): Promise<string[]> {
  if (!existsSync(folder)) {
    return [];
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
