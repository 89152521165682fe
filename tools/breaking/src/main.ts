import { parseArgs } from "node:util";
import { repositoryRoot } from "@rollcall/tool-command";
import { formatVerdict, isPassed, judgeProtos } from "./verdict.js";

/**
 * Compares the protos with those of the last release, or with the image that `--against` names. Exits with 1 when
 * callers of the service would break or an exception has expired.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { against: { type: "string", default: "proto/released.binpb" } } });
  const verdict = await judgeProtos({ root: repositoryRoot, against: values.against });
  console.log(formatVerdict(verdict));
  return isPassed(verdict) ? 0 : 1;
}

process.exitCode = await main();
