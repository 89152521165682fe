import type { DescField, DescMessage, DescOneof, FileRegistry } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { GeneratorContext } from "../generator.js";
import { propertyNameOf } from "../naming.js";
import { partScope, readFieldRules, ruleOf } from "./field-rules.js";
import { readMessageOption } from "../read-option.js";
import { hasMapType } from "./map-type.js";
import { valueKindOf } from "./value-kind.js";

/** Whether a oneof must be set. */
export function isRequiredOneof(oneof: DescOneof, registry: FileRegistry): boolean {
  const option = readMessageOption(registry, oneof, "buf.validate.oneof");
  return option !== undefined && ruleOf(option, "required") === true;
}

/** Whether a valid message has a type of its own: it, or a message within it, must have what the message may lack. */
export function hasValidType(message: DescMessage, context: GeneratorContext): boolean {
  return reachable(message, context).some((type) => type.members.some((member) => mustBePresent(member, context)));
}

function reachable(
  message: DescMessage,
  context: GeneratorContext,
  seen = new Set<DescMessage>(),
): readonly DescMessage[] {
  if (!seen.has(message)) {
    seen.add(message);
    for (const field of message.fields) {
      const type = checkedMessageOf(field, context);
      if (type !== undefined) {
        reachable(type, context, seen);
      }
    }
  }
  return [...seen];
}

/** Whether the property of a member may be undefined, and is not when the message is valid. */
function mustBePresent(member: DescField | DescOneof, context: GeneratorContext): boolean {
  if (member.kind === "oneof") {
    return isRequiredOneof(member, context.registry);
  }
  const { required, ignore } = readFieldRules(member, silent(context)).rules;
  const singular = member.fieldKind !== "list" && member.fieldKind !== "map";
  return singular && required && ignore !== "always" && member.presence !== FeatureSet_FieldPresence.IMPLICIT;
}

/** The message that a field's values are, if a schema looks into them. */
function checkedMessageOf(field: DescField, context: GeneratorContext): DescMessage | undefined {
  const value = valueKindOf(field);
  if (value.kind !== "message" || !context.isGenerated(value.type.file)) {
    return undefined;
  }
  const scope = readFieldRules(field, silent(context));
  const part = field.fieldKind === "list" ? "items" : field.fieldKind === "map" ? "values" : undefined;
  const scopes = part === undefined ? [scope] : [scope, partScope(scope, part)];
  return scopes.some(({ rules }) => rules.ignore === "always") ? undefined : value.type;
}

/** Mistakes are told where the field is compiled. */
function silent(context: GeneratorContext): GeneratorContext {
  return { ...context, report: () => undefined };
}

/** The properties that are of another type in a valid message, with their types. */
export function validProperties(
  message: DescMessage,
  messageType: string,
  context: GeneratorContext,
  validTypeOf: (type: DescMessage) => string,
): readonly { readonly name: string; readonly type: string; readonly required: boolean }[] {
  return message.members.flatMap((member) => {
    const name = propertyNameOf(member);
    const required = mustBePresent(member, context);
    const changed = changedType(member, `${messageType}[${JSON.stringify(name)}]`, context, validTypeOf);
    if (changed === undefined) {
      return required ? [{ name, type: `NonNullable<${messageType}[${JSON.stringify(name)}]>`, required }] : [];
    }
    return [{ name, type: changed, required: required || isAlwaysPresent(member) }];
  });
}

function isAlwaysPresent(member: DescField | DescOneof): boolean {
  return member.kind === "field" && (member.fieldKind === "list" || member.fieldKind === "map");
}

/** The type of a member that holds messages with valid types of their own. */
function changedType(
  member: DescField | DescOneof,
  type: string,
  context: GeneratorContext,
  validTypeOf: (type: DescMessage) => string,
): string | undefined {
  if (member.kind === "oneof") {
    const changed = member.fields.filter((field) => validMessageOf(field, context) !== undefined);
    return changed.length === 0
      ? undefined
      : member.fields.map((field) => caseType(field, type, context, validTypeOf)).join(" | ");
  }
  const inner = validMessageOf(member, context);
  if (inner === undefined) {
    return undefined;
  }
  switch (member.fieldKind) {
    case "list":
      return `${validTypeOf(inner)}[]`;
    case "map":
      return hasMapType(member)
        ? `Map<v.MapKey<${type}>, ${validTypeOf(inner)}>`
        : `{ [Key in keyof ${type}]: ${validTypeOf(inner)} }`;
    default:
      return validTypeOf(inner);
  }
}

function caseType(
  field: DescField,
  type: string,
  context: GeneratorContext,
  validTypeOf: (type: DescMessage) => string,
): string {
  const name = JSON.stringify(propertyNameOf(field));
  const inner = validMessageOf(field, context);
  return inner === undefined
    ? `Extract<${type}, { $case: ${name} }>`
    : `{ $case: ${name}; value: ${validTypeOf(inner)} }`;
}

function validMessageOf(field: DescField, context: GeneratorContext): DescMessage | undefined {
  const type = checkedMessageOf(field, context);
  return type !== undefined && hasValidType(type, context) ? type : undefined;
}
