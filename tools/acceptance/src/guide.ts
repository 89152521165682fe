import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readmeSnippets } from "@rollcall/testing";
import { repositoryRoot, runCommand } from "@rollcall/tool-command";
import type { ServerForOthers } from "./server-for-others.js";

/** What a guide's program printed, beside what the guide says that it prints. */
export interface GuideRun {
  readonly exitCode: number;
  /** Line by line. */
  readonly printed: readonly string[];
  /** The comments after its `console.log` calls; where one prints several lines they are joined by ", then ". */
  readonly promised: readonly string[];
}

const promisePattern = /console\.log\(.*\); \/\/ (.*)$/gm;

/** Runs all TypeScript of a guide as one program, as a reader would type it, against a server. */
export async function runGuide(path: string, { address, adminPassword }: ServerForOthers): Promise<GuideRun> {
  const program = (await readmeSnippets(join(repositoryRoot, path))).join("\n");
  const { exitCode, output } = await run(program.replaceAll("127.0.0.1:50051", address), adminPassword);
  const promised = [...program.matchAll(promisePattern)].flatMap(([, promise = ""]) => promise.split(", then "));
  return { exitCode, printed: output.split("\n").filter((line) => line !== ""), promised };
}

/** Runs a program from inside the repository, where it finds the packages as an installed program would. */
async function run(program: string, adminPassword: string): ReturnType<typeof runCommand> {
  const parent = join(repositoryRoot, ".rollcall");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "guide-"));
  try {
    const file = join(folder, "guide.ts");
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    await writeFile(file, program);
    const fromSource = ["--conditions=@rollcall/source", "--import", "tsx"];
    return await runCommand(process.execPath, [...fromSource, file], {
      env: { NODE_OPTIONS: "", ADMIN_PASSWORD: adminPassword },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
