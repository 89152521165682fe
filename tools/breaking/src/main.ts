import { parseArgs } from "node:util";
import { repositoryRoot } from "@rollcall/tool-command";
import { formatVerdict, judgeProtos } from "./verdict.js";

/**
 * Compares the protos with those of the last release, or with the image that `--against` names. Exits with 1 when
 * callers of the service would break.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { against: { type: "string", default: "proto/released.binpb" } } });
  const verdict = await judgeProtos({ root: repositoryRoot, against: values.against });
  console.log(formatVerdict(verdict));
  return verdict.wire.length === 0 ? 0 : 1;
}

process.exitCode = await main();
