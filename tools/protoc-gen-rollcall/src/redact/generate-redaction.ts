import type { DescField, DescFile, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { docComment } from "../doc-comment.js";
import type { GeneratedModule } from "../generator.js";
import { createModuleText } from "../module-text.js";
import type { ModuleText } from "../module-text.js";
import { importPathOf, propertyNameOf, typeNameOf } from "../naming.js";
import { isJsMap, redactedField, redactedMember } from "./redacted-value.js";
import { holdsSecret, isSecret } from "./secret-fields.js";

/**
 * Compiles the `debug_redact` options of a proto: for each message with such a field inside, a function that answers a
 * copy fit to be logged.
 */
export function generateRedaction(file: DescFile): GeneratedModule | undefined {
  const messages = [...nestedTypes(file)].filter((type) => type.kind === "message").filter(holdsSecret);
  if (messages.length === 0) {
    return undefined;
  }
  const module = createModuleText(file);
  for (const message of messages) {
    addFunction(module, message);
  }
  return { suffix: ".redact.ts", text: module.print() };
}

function addFunction(module: ModuleText, message: DescMessage): void {
  const type = module.importType(typeNameOf(message), importPathOf(message.file, message.file));
  const doc = `A copy of a \`${message.typeName}\` to log: without what must not be shown, at any depth.`;
  const properties = message.members.flatMap((member) => printMember(module, member));
  module.add(`${docComment(doc)}
    export function redact${typeNameOf(message)}(message: ${type}): ${type} {
      return { ...message, ${properties.join(", ")} };
    }`);
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
      : `${redactor(module, field.parent, field.message)}(${property}.value)`;
  const redacted = inner === undefined ? "undefined" : `{ $case: ${name}, value: ${inner} }`;
  return `${property}?.$case === ${name} ? ${redacted} : ${rest}`;
}

function printField(module: ModuleText, field: DescField, property: string): string {
  if (isSecret(field) || field.message === undefined) {
    return redactedField(field, property);
  }
  const redact = redactor(module, field.parent, field.message);
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

function redactor(module: ModuleText, from: DescMessage, message: DescMessage): string {
  const name = `redact${typeNameOf(message)}`;
  return from.file === message.file ? name : module.importValue(name, importPathOf(from.file, message.file, ".redact"));
}
