import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import type { FileRegistry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createTemporaryFolder, runCommand } from "@rollcall/tool-command";

/** Reads an image that `buf build` wrote, with all that its options say. */
export async function readImage(path: string): Promise<FileRegistry> {
  // An image is a set of file descriptors with some fields more.
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, await readFile(path)));
}

/**
 * Builds the image of the protos below a folder that has a `buf.yaml`.
 *
 * @returns `undefined` when the protos do not compile, which is for another gate to tell.
 */
export async function buildImage(root: string): Promise<FileRegistry | undefined> {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "image.binpb");
  const { exitCode } = await runCommand("buf", ["build", "--output", path], { folder: root });
  return exitCode === 0 ? await readImage(path) : undefined;
}
