import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { buffer } from "node:stream/consumers";
import { generators } from "./generators.js";
import { compileRequest } from "./plugin.js";

/** Reads a CodeGeneratorRequest from standard input and writes the response to standard output, as plugins do. */
async function main(): Promise<void> {
  const request = fromBinary(CodeGeneratorRequestSchema, await buffer(process.stdin));
  const response = await compileRequest(request, generators);
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
}

await main();
