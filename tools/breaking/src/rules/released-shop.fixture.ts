import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";
import type { TemporaryFolder } from "@rollcall/tool-command";
import type { Exception } from "./exceptions.js";
import { judgeRules } from "./judge-rules.js";
import type { RuleVerdict } from "./judge-rules.js";

const testdata = fileURLToPath(new URL("../../testdata", import.meta.url));
const exceptionFile = "proto/breaking-exceptions.json";
const optionProtos = ["buf/validate", "rollcall/policy"];

/** The proto of the small repository. */
export const shop = "proto/shop/v1/shop.proto";

/** A small repository, with its image as it was released. */
export async function releaseShop(): Promise<TemporaryFolder> {
  const folder = await createTemporaryFolder();
  await cp(testdata, folder.path, { recursive: true });
  await addOptionProtos(folder.path);
  await writeFile(join(folder.path, "buf.yaml"), "version: v2\nmodules:\n  - path: proto\n");
  await buildReleased(folder.path);
  return folder;
}

/** Copies the protos that declare the options of rules, policies and errors. */
export async function addOptionProtos(root: string): Promise<void> {
  for (const name of optionProtos) {
    await cp(join(repositoryRoot, "proto", name), join(root, "proto", name), { recursive: true });
  }
}

/** Makes what the protos say now what was released. */
export async function buildReleased(root: string): Promise<void> {
  const args = ["build", "--exclude-source-info", "--output", "released.binpb"];
  const { exitCode, output } = await runCommand("buf", args, { folder: root });
  if (exitCode !== 0) {
    throw new Error(output);
  }
}

/** A change of the shop's proto, and exceptions that may let it pass. */
export interface Change {
  readonly from: string;
  readonly to: string;
  readonly exceptions?: readonly Partial<Exception>[];
}

/** What is said, in the middle of June 2030, of the small repository with one piece of its proto replaced. */
export async function judgeChange(released: TemporaryFolder, { from, to, exceptions }: Change): Promise<RuleVerdict> {
  await using folder = await createTemporaryFolder();
  await cp(released.path, folder.path, { recursive: true });
  const text = await readFile(join(folder.path, shop), "utf8");
  if (!text.includes(from)) {
    throw new Error(`the proto does not have ${JSON.stringify(from)}`);
  }
  await writeFile(
    join(folder.path, shop),
    text.replace(from, () => to),
  );
  if (exceptions !== undefined) {
    await writeFile(join(folder.path, exceptionFile), JSON.stringify({ exceptions }));
  }
  return await judgeRules({ root: folder.path, against: "released.binpb", now: new Date("2030-06-15T12:00:00Z") });
}
