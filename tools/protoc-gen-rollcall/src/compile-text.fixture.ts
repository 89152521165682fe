import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { FileDescriptorSet } from "@bufbuild/protobuf/wkt";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";
import type { Generator } from "./generator.js";
import { compileRequest } from "./plugin.js";

/** What the plugin answers: the text of each module, or what is wrong, a line for each mistake. */
export interface Compiled {
  readonly modules: Readonly<Record<string, string>>;
  readonly mistakes: readonly string[];
}

/** Compiles protos that may import those of the repository. */
export async function buildProtos(protos: Readonly<Record<string, string>>): Promise<FileDescriptorSet> {
  await using folder = await createTemporaryFolder();
  await cp(join(repositoryRoot, "proto"), folder.path, { recursive: true });
  for (const [path, text] of Object.entries(protos)) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true });
    await writeFile(join(folder.path, path), text);
  }
  const image = join(folder.path, "image.binpb");
  const { exitCode, output } = await runCommand("buf", ["build", folder.path, "--output", image]);
  if (exitCode !== 0) {
    throw new Error(output);
  }
  return fromBinary(FileDescriptorSetSchema, await readFile(image));
}

/** Runs generators on protos, as Buf does. */
export async function compileText(
  generators: readonly Generator[],
  protos: Readonly<Record<string, string>>,
): Promise<Compiled> {
  const { file: protoFile } = await buildProtos(protos);
  const request = create(CodeGeneratorRequestSchema, { fileToGenerate: Object.keys(protos), protoFile });
  const { file, error } = await compileRequest(request, generators);
  const modules = Object.fromEntries(file.map(({ name, content }) => [name, content]));
  return { modules, mistakes: error.split("\n").filter(Boolean) };
}
