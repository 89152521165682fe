import type { DescEnum, DescEnumValue, DescFile } from "@bufbuild/protobuf";
import { commentOf, docComment } from "../doc-comment.js";
import type { GeneratedModule, GeneratorContext } from "../generator.js";
import { createModuleText } from "../module-text.js";
import type { ModuleText } from "../module-text.js";
import { placeOf } from "../place.js";
import type { Mistake } from "../policy/policy-mistakes.js";
import type { DeclaredError } from "./declared-errors.js";
import { domainOption, errorOption, readError, readErrorDomain } from "./declared-errors.js";
import { findErrorMistakes } from "./error-mistakes.js";

const rpc = "@rollcall/rpc";

/**
 * Compiles the reasons that an enum of a proto declares to constructors of errors, for servers, and to types and guards,
 * for clients.
 */
export function generateErrors(file: DescFile, context: GeneratorContext): GeneratedModule | undefined {
  const [reasons, ...more] = file.enums.filter((candidate) => isErrorEnum(candidate, context));
  if (reasons === undefined) {
    return undefined;
  }
  for (const other of more) {
    const problem = `${reasons.name} of the same file declares errors already`;
    context.report({ ...placeOf(other), problem, instead: "move the enum to a file of its own" });
  }
  const domain = readErrorDomain(reasons, context.registry) ?? "";
  if (domain === "") {
    const problem = "the errors have no domain";
    context.report({ ...placeOf(reasons), problem, instead: `write option (${domainOption}) = { domain: "..." }` });
  }
  const module = createModuleText(file);
  addErrors(module, domain, collectErrors(reasons, context));
  return { suffix: ".errors.ts", text: module.print() };
}

function isErrorEnum(candidate: DescEnum, { registry }: GeneratorContext): boolean {
  const declares = candidate.values.some((value) => readError(value, registry) !== undefined);
  return declares || readErrorDomain(candidate, registry) !== undefined;
}

function collectErrors(reasons: DescEnum, context: GeneratorContext): readonly DeclaredError[] {
  return reasons.values.flatMap((value) => {
    const error = readError(value, context.registry);
    const mistakes = error === undefined ? missingMistakes(value) : presentMistakes(value, error);
    for (const mistake of mistakes) {
      reportMistake(value, mistake, context);
    }
    return error === undefined ? [] : [error];
  });
}

function missingMistakes({ number }: DescEnumValue): readonly Mistake[] {
  const problem = "the value does not say what its errors say, and others of its enum do";
  return number === 0 ? [] : [{ problem, instead: `write [(${errorOption}) = { code: ..., message: "..." }]` }];
}

function presentMistakes({ number }: DescEnumValue, error: DeclaredError): readonly Mistake[] {
  const problem = "the value numbered 0 stands for no reason";
  return number === 0 ? [{ problem, instead: `remove ${errorOption}` }] : findErrorMistakes(error);
}

const optionsOfValue = 3; // the number of `options` in google.protobuf.EnumValueDescriptorProto

function reportMistake(value: DescEnumValue, mistake: Mistake, context: GeneratorContext): void {
  const extension = context.registry.getExtension(errorOption);
  context.report({ ...placeOf(value, extension === undefined ? [] : [optionsOfValue, extension.number]), ...mistake });
}

function addErrors(module: ModuleText, domain: string, errors: readonly DeclaredError[]): void {
  const table = module.importType("ReasonTable", rpc);
  module.add(
    `${docComment("Every reason of an error, with its code, the keys of its metadata and its sentence.")}
     export const reasonTable = { domain: ${JSON.stringify(domain)}, reasons: {
       ${errors.map((error) => printDefinition(module, error)).join("\n")}
     } } as const satisfies ${table};`,
  );
  module.add(
    `${docComment("Makes the errors of a server: one function for each reason.")}
     export const errors = { ${errors.map((error) => printConstructor(module, error)).join("\n\n")} };`,
  );
  addTypes(module);
  addGuards(module);
}

function printDefinition(module: ModuleText, { reason, code, metadataKeys, message }: DeclaredError): string {
  const status = module.importValue("Status", rpc);
  const name = code.replace(/^STATUS_CODE_/, "");
  return `${reason}: {
    code: ${status}.${name},
    metadataKeys: ${JSON.stringify(metadataKeys)},
    message: ${JSON.stringify(message)},
  },`;
}

function printConstructor(module: ModuleText, { value, reason, metadataKeys }: DeclaredError): string {
  const create = module.importValue("createReasonError", rpc);
  const options = `options?: ${module.importType("ReasonErrorOptions", rpc)}`;
  const comment = commentOf(value);
  const keys = metadataKeys.map((key) => JSON.stringify(key)).join(" | ");
  const metadata = keys === "" ? "" : `metadata: ${module.importType("MetadataInput", rpc)}<${keys}>, `;
  const name = reason.toLowerCase().replace(/_+([a-z0-9])/g, (_match, first: string) => first.toUpperCase());
  return `${comment === undefined ? "" : docComment(comment)}
    ${name}: (${metadata}${options}) =>
      ${create}(reasonTable, ${JSON.stringify(reason)}, ${keys === "" ? "{}" : "metadata"}, options),`;
}

function addTypes(module: ModuleText): void {
  const reasonIn = module.importType("ReasonIn", rpc);
  const reasonError = module.importType("ReasonError", rpc);
  const foundReason = module.importType("FoundReason", rpc);
  module.add(`${docComment("Why a call failed, as it travels.")}
    export type Reason = ${reasonIn}<typeof reasonTable>;`);
  module.add(`${docComment("An error with a known reason, told apart by `reason`; its metadata is typed.")}
    export type KnownError<R extends Reason = Reason> = ${reasonError}<typeof reasonTable, R>;`);
  module.add(`${docComment("A reason and its metadata, or `unknown` for a reason that this version does not know.")}
    export type AnyReason = ${foundReason}<typeof reasonTable>;`);
}

function addGuards(module: ModuleText): void {
  const hasReason = module.importValue("hasReason", rpc);
  const readReason = module.importValue("readReason", rpc);
  module.add(`${docComment(
    "Whether a call failed for this reason; then `error.errorDetails.errorInfo.metadata` is typed.",
  )}
    export function isReason<R extends Reason>(error: unknown, reason: R): error is KnownError<R> {
      return ${hasReason}(reasonTable, error, reason);
    }`);
  module.add(`${docComment(
    [
      "The reason of an error and its metadata, to switch on. `undefined` for what is not an error of a call or gives no",
      "reason; `unknown`, with the name as it came, for a reason that this version does not know.",
    ].join("\n"),
  )}
    export function reasonOf(error: unknown): AnyReason | undefined {
      return ${readReason}(reasonTable, error);
    }`);
}
