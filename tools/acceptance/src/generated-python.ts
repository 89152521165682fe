import { join } from "node:path";
import { createTemporaryFolder, runCommand, type TemporaryFolder } from "@rollcall/tool-command";

/** The Python that has Debian's packages; one that a version manager put before it lacks them. */
export const python = "/usr/bin/python3";

const plugin = "/usr/bin/grpc_python_plugin";

/** Which Debian packages that a Python client needs are missing on this machine. */
export async function missingForPython(): Promise<readonly string[]> {
  const checks = await Promise.all([
    succeeds(python, ["-c", "import grpc, google.protobuf"]).then((found) => (found ? [] : ["python3-grpcio"])),
    succeeds("protoc", ["--version"]).then((found) => (found ? [] : ["protobuf-compiler"])),
    succeeds("test", ["-x", plugin]).then((found) => (found ? [] : ["protobuf-compiler-grpc"])),
  ]);
  return checks.flat();
}

/**
 * Generates Python messages and stubs with protoc, from the protos in a folder of the repository. Buf resolves the
 * imports, so that protoc needs no include files.
 *
 * @throws Error if either refuses the protos.
 */
export async function generatePython(protoFolder: string, protos: readonly string[]): Promise<TemporaryFolder> {
  const folder = await createTemporaryFolder();
  const image = join(folder.path, "image.binpb");
  await run("buf", ["build", protoFolder, "--output", image]);
  await run("protoc", [
    `--descriptor_set_in=${image}`,
    `--python_out=${folder.path}`,
    `--grpc_out=${folder.path}`,
    `--plugin=protoc-gen-grpc=${plugin}`,
    ...protos,
  ]);
  return folder;
}

async function run(command: string, args: readonly string[]): Promise<void> {
  const { exitCode, output } = await runCommand(command, args);
  if (exitCode !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed: ${output}`);
  }
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await runCommand(command, args)).exitCode === 0;
  } catch {
    return false;
  }
}
