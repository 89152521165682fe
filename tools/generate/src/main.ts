import { repositoryRoot } from "@rollcall/tool-command";
import { checkGenerated } from "./check-generated.js";
import { updateGenerated } from "./update-generated.js";

/** Compiles the protos into the packages. With `--check` it writes nothing, and fails when that would change a file. */
async function main(): Promise<number> {
  const check = process.argv.includes("--check");
  const differences = await (check ? checkGenerated : updateGenerated)(repositoryRoot);
  for (const { kind, path } of differences) {
    console.log(`${check ? kind : "wrote"} ${path}`);
  }
  if (differences.length === 0) {
    console.log("generated code is up to date");
    return 0;
  }
  if (check) {
    console.log("generated code differs from what the protos compile to; run: npm run generate");
    return 1;
  }
  return 0;
}

process.exitCode = await main();
