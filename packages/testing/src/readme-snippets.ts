import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const fence = /^```ts\n(?<code>.*?)^```$/gms;

/** The TypeScript in a Markdown file: the content of each block that is fenced with "```ts", in order. */
export async function readmeSnippets(path: string | URL): Promise<readonly string[]> {
  const text = await readFile(path, "utf8");
  return [...text.matchAll(fence)].map((match) => match.groups?.["code"] ?? "");
}

/**
 * Runs a snippet as a module, with the imports that a file in `folder` would have, to its last line.
 *
 * Needs a runtime that understands TypeScript, such as Jest with a transform.
 *
 * @throws whatever the snippet throws.
 */
export async function runSnippet(code: string, folder: string): Promise<void> {
  const file = join(folder, `snippet-${String(process.pid)}-${String(Math.random()).slice(2)}.ts`);
  await writeFile(file, code);
  try {
    await import(pathToFileURL(file).href);
  } finally {
    await rm(file);
  }
}
