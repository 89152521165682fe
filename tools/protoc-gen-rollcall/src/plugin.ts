import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { DescFile } from "@bufbuild/protobuf";
import {
  CodeGeneratorResponse_Feature,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import type { CodeGeneratorRequest, CodeGeneratorResponse } from "@bufbuild/protobuf/wkt";
import { format } from "prettier";
import type { Generator, GeneratorContext } from "./generator.js";
import { formatProblems } from "./problem.js";
import type { Problem } from "./problem.js";

const supportedFeatures = BigInt(CodeGeneratorResponse_Feature.PROTO3_OPTIONAL);

/**
 * Answers a request of Buf or protoc: the modules that the generators make of each proto, or, when a proto has
 * mistakes, all of them as one error and no module.
 */
export async function compileRequest(
  request: CodeGeneratorRequest,
  generators: readonly Generator[],
): Promise<CodeGeneratorResponse> {
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  const wanted = new Set(request.fileToGenerate);
  const problems: Problem[] = [];
  const context: GeneratorContext = {
    registry,
    isGenerated: (file) => wanted.has(file.proto.name),
    report: (problem) => problems.push(problem),
  };
  const modules = [...registry.files]
    .filter(context.isGenerated)
    .flatMap((file) => generateModules(file, generators, context));
  if (problems.length > 0) {
    return create(CodeGeneratorResponseSchema, { supportedFeatures, error: formatProblems(problems) });
  }
  return create(CodeGeneratorResponseSchema, { supportedFeatures, file: await Promise.all(modules.map(formatModule)) });
}

interface NamedModule {
  readonly name: string;
  readonly text: string;
}

function generateModules(
  file: DescFile,
  generators: readonly Generator[],
  context: GeneratorContext,
): readonly NamedModule[] {
  return generators.flatMap((generate) => {
    const module = generate(file, context);
    return module === undefined ? [] : [{ name: `${file.name}${module.suffix}`, text: module.text }];
  });
}

async function formatModule({ name, text }: NamedModule) {
  return { name, content: await format(text, { parser: "typescript", printWidth: 120 }) };
}
