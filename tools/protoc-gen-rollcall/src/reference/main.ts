import { buffer } from "node:stream/consumers";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { format } from "prettier";
import { generateReference } from "./generate-reference.js";

/** The plugin that writes the reference: Markdown for people, of all protos that it is given. */
async function main(): Promise<void> {
  const request = fromBinary(CodeGeneratorRequestSchema, await buffer(process.stdin));
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  const wanted = [...registry.files].filter(({ proto }) => request.fileToGenerate.includes(proto.name));
  const pages = generateReference(wanted, registry).map(async ({ name, text }) => ({
    name,
    content: await format(text, { parser: "markdown", printWidth: 120 }),
  }));
  const response = create(CodeGeneratorResponseSchema, {
    supportedFeatures: BigInt(CodeGeneratorResponse_Feature.PROTO3_OPTIONAL),
    file: await Promise.all(pages),
  });
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, response));
}

await main();
