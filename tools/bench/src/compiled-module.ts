import { join } from "node:path";
import { repositoryRoot } from "@rollcall/tool-command";

/** A program of this tool as it was compiled: what is measured runs without a compiler in its process. */
export function compiledModule(...path: readonly string[]): string {
  return `${join(repositoryRoot, "tools", "bench", "out-tsc", ...path)}.js`;
}

/** One of the servers that are measured. */
export function serverModule(name: string): string {
  return compiledModule("servers", name);
}
