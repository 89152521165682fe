import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot, runCommand } from "@rollcall/tool-command";
import { bulkPart } from "./bulk/bulk-part.js";
import { codecPart } from "./codec/codec-part.js";
import type { Part, PartOptions } from "./part.js";
import { unaryPart } from "./unary/unary-part.js";
import { validationPart } from "./validation/validation-part.js";

const parts: Readonly<Record<string, Part>> = {
  unary: unaryPart,
  codec: codecPart,
  validation: validationPart,
  bulk: bulkPart,
};
const names = Object.keys(parts).join(", ");
const folder = join(repositoryRoot, ".rollcall", "bench");

/** Measures the parts that the arguments name, or all, and writes what came of each as Markdown and JSON. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, profile: { type: "boolean", default: false } },
  });
  const unknown = positionals.find((name) => !(name in parts));
  if (unknown !== undefined) {
    console.error(`${JSON.stringify(unknown)} is nothing that the bench measures; it measures ${names}`);
    return 1;
  }
  console.log("building the servers");
  const build = await runCommand("tsc", ["-b", "tools/bench", "packages/server/tsconfig.lib.json"]);
  if (build.exitCode !== 0) {
    console.error(build.output);
    return 1;
  }
  await mkdir(folder, { recursive: true });
  const options = { quick: values.quick, profileFolder: values.profile ? folder : undefined };
  for (const [name, part] of Object.entries(parts)) {
    if (positionals.length === 0 || positionals.includes(name)) {
      await runPart(name, part, options);
    }
  }
  console.log(`\nwritten to ${folder}`);
  return 0;
}

async function runPart(name: string, part: Part, options: PartOptions): Promise<void> {
  const { title, markdown, data } = await part(options);
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, quick: options.quick };
  const text = `## ${title}\n\nNode ${machine.node}, ${machine.cores} cores of ${machine.cpu ?? "an unknown CPU"}.\n\n${markdown}\n`;
  await writeFile(join(folder, `${name}.md`), text);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ machine, ...data }, undefined, 2)}\n`);
  console.log(`\n${text}`);
}

process.exitCode = await main();
