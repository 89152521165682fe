import type { DescField, DescFile, DescMessage, DescOneof, DescService } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { docComment } from "../doc-comment.js";
import type { GeneratedModule } from "../generator.js";
import { createModuleText } from "../module-text.js";
import type { ModuleText } from "../module-text.js";
import { constantNameOf, importPathOf, propertyNameOf, typeNameOf } from "../naming.js";
import { isJsMap, redactedField, redactedMember } from "./redacted-value.js";
import { holdsSecret, isSecret } from "./secret-fields.js";

/**
 * Compiles the `debug_redact` options of a proto: for each message with such a field inside, a function that answers a
 * copy fit to be logged, and for each service a table that says so of all its methods.
 */
export function generateRedaction(file: DescFile): GeneratedModule | undefined {
  const messages = [...nestedTypes(file)].filter((type) => type.kind === "message").filter(holdsSecret);
  if (messages.length === 0 && file.services.length === 0) {
    return undefined;
  }
  const module = createModuleText(file, declaredNames(messages, file.services));
  for (const message of messages) {
    addFunction(module, message);
  }
  for (const service of file.services) {
    addTable(module, service);
  }
  return { suffix: ".redact.ts", text: module.print() };
}

function declaredNames(messages: readonly DescMessage[], services: readonly DescService[]): readonly string[] {
  return [...messages.map(redactorNameOf), ...services.map((service) => constantNameOf(service, "Redactions"))];
}

function redactorNameOf(message: DescMessage): string {
  return `redact${typeNameOf(message)}`;
}

function addFunction(module: ModuleText, message: DescMessage): void {
  const type = module.importType(typeNameOf(message), importPathOf(message.file, message.file));
  const doc = `A copy of a \`${message.typeName}\` to log: without what must not be shown, at any depth.`;
  const properties = message.members.flatMap((member) => printMember(module, member));
  module.add(`${docComment(doc)}
    export function ${redactorNameOf(message)}(message: ${type}): ${type} {
      return { ...message, ${properties.join(", ")} };
    }`);
}

/** Says of every method how to log its messages: what is not in the table is never logged. */
function addTable(module: ModuleText, service: DescService): void {
  const entries = service.methods.map(({ localName, input, output }) => {
    const [request, response] = [input, output].map((message) =>
      holdsSecret(message) ? redactor(module, service.file, message) : '"plain"',
    );
    return `${localName}: { request: ${request}, response: ${response} }`;
  });
  const doc = [
    `How to log the messages of \`${service.typeName}\`, by method: as the function makes them, or \`"plain"\` where there is`,
    "nothing to hide.",
  ];
  module.add(`${docComment(doc.join("\n"))}
    export const ${constantNameOf(service, "Redactions")} = { ${entries.join(", ")} } as const;`);
}

/** The property of a field or oneof that must be changed; none for others. */
function printMember(module: ModuleText, member: DescField | DescOneof): readonly string[] {
  const property = `message.${propertyNameOf(member)}`;
  if (member.kind === "oneof") {
    const affected = member.fields.filter(isAffected);
    const value = affected.reduceRight((rest, field) => printCase(module, field, property, rest), property);
    return affected.length === 0 ? [] : [`${propertyNameOf(member)}: ${value}`];
  }
  return isAffected(member) ? [`${propertyNameOf(member)}: ${printField(module, member, property)}`] : [];
}

function isAffected(field: DescField): boolean {
  return isSecret(field) || (field.message !== undefined && holdsSecret(field.message));
}

function printCase(module: ModuleText, field: DescField, property: string, rest: string): string {
  const name = JSON.stringify(propertyNameOf(field));
  const inner =
    isSecret(field) || field.message === undefined
      ? redactedMember(field)
      : `${redactor(module, field.parent.file, field.message)}(${property}.value)`;
  const redacted = inner === undefined ? "undefined" : `{ $case: ${name}, value: ${inner} }`;
  return `${property}?.$case === ${name} ? ${redacted} : ${rest}`;
}

function printField(module: ModuleText, field: DescField, property: string): string {
  if (isSecret(field) || field.message === undefined) {
    return redactedField(field, property);
  }
  const redact = redactor(module, field.parent.file, field.message);
  if (field.fieldKind === "list") {
    return `${property}.map(${redact})`;
  }
  if (field.fieldKind === "message") {
    return `${property} === undefined ? undefined : ${redact}(${property})`;
  }
  return isJsMap(field)
    ? `new Map([...${property}].map(([key, value]) => [key, ${redact}(value)]))`
    : `Object.fromEntries(Object.entries(${property}).map(([key, value]) => [key, ${redact}(value)]))`;
}

function redactor(module: ModuleText, from: DescFile, message: DescMessage): string {
  const name = redactorNameOf(message);
  return from === message.file ? name : module.importValue(name, importPathOf(from, message.file, ".redact"));
}
