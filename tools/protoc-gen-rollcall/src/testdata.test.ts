import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";
import { compileText } from "./compile-text.fixture.js";
import type { Generator } from "./generator.js";
import { generateErrors } from "./errors/generate-errors.js";
import { generatePolicies } from "./policy/generate-policies.js";
import { generateRedaction } from "./redact/generate-redaction.js";
import { generateSchemas } from "./schema/generate-schemas.js";

type Files = ReadonlyMap<string, string>;

const timeoutMs = 60_000;
const tool = join(repositoryRoot, "tools/protoc-gen-rollcall");

/** What is made of each folder of `testdata`. */
const generatorsOf: Readonly<Record<string, readonly Generator[]>> = {
  policy: [generatePolicies],
  errors: [generateErrors],
  redact: [generateRedaction],
  validation: [generateSchemas],
};
const folders = Object.keys(generatorsOf);

const template = {
  version: "v2",
  plugins: [
    {
      local: "protoc-gen-ts_proto",
      out: "gen",
      strategy: "all",
      include_imports: true,
      include_wkt: true,
      exclude_types: ["buf.validate", "rollcall.policy.v1"],
      opt: [
        "outputServices=generic-definitions",
        "env=both",
        "forceLong=bigint",
        "useDate=true",
        "oneof=unions-value",
        "useOptionals=messages",
        "unrecognizedEnum=false",
        "importSuffix=.js",
        "exportCommonSymbols=false",
        "useExactTypes=false",
      ],
    },
  ],
};

/** What the plugin makes of the protos in `testdata`, and the messages that ts-proto makes of them, by path. */
async function generateTestdata(): Promise<Files> {
  const files = [...(await generateMessages())];
  const protos = [...(await readFiles(join(tool, "testdata")))].filter(([path]) => path.endsWith(".proto"));
  for (const [folder, generators] of Object.entries(generatorsOf)) {
    const own = protos.filter(([path]) => dirname(path) === folder);
    const { modules, mistakes } = await compileText(generators, Object.fromEntries(own));
    expect(mistakes).toEqual([]);
    files.push(...Object.entries(modules));
  }
  return new Map(files);
}

async function generateMessages(): Promise<Files> {
  await using folder = await createTemporaryFolder();
  for (const name of folders) {
    await cp(join(tool, "testdata", name), join(folder.path, name), { recursive: true });
  }
  for (const name of ["buf", "rollcall"]) {
    await cp(join(repositoryRoot, "proto", name), join(folder.path, name), { recursive: true });
  }
  const paths = folders.flatMap((name) => ["--path", join(folder.path, name)]);
  const args = ["generate", folder.path, "--template", JSON.stringify(template), "--output", folder.path, ...paths];
  const { exitCode, output } = await runCommand("buf", args);
  if (exitCode !== 0) {
    throw new Error(output);
  }
  return await readFiles(join(folder.path, "gen"));
}

async function readFiles(root: string): Promise<Files> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.sort().map(async (path) => [path.slice(root.length + 1), await readFile(path, "utf8")] as const);
  return new Map(await Promise.all(files));
}

describe("the generated code that these tests use", () => {
  test(
    "is what the plugin makes of the protos in testdata (to update it: ROLLCALL_UPDATE_TESTDATA=1)",
    async () => {
      const target = join(tool, "src/gen");
      const files = await generateTestdata();
      if (process.env["ROLLCALL_UPDATE_TESTDATA"] === "1") {
        for (const [path, text] of files) {
          await mkdir(dirname(join(target, path)), { recursive: true });
          await writeFile(join(target, path), text);
        }
      }
      for (const [path, text] of files) {
        await expect(readFile(join(target, path), "utf8")).resolves.toBe(text);
      }
    },
    timeoutMs,
  );
});
