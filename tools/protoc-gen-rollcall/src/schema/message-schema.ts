import type { DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { docComment } from "../doc-comment.js";
import type { GeneratorContext } from "../generator.js";
import type { ModuleText } from "../module-text.js";
import { constantNameOf, importPathOf, propertyNameOf, typeNameOf } from "../naming.js";
import { caseSchema, fieldSchema } from "./field-schema.js";
import { readFieldRules } from "./field-rules.js";
import { importSchema } from "./import-schema.js";
import { hasValidType, isRequiredOneof, validProperties } from "./valid-type.js";
import { valueKindOf } from "./value-kind.js";
import type { SchemaNames } from "./value-schema.js";

/** A message to be compiled, and the module that it goes to. */
interface MessageScope {
  readonly message: DescMessage;
  readonly module: ModuleText;
  readonly context: GeneratorContext;
  /** The messages that stand above it in the module. */
  readonly written: ReadonlySet<DescMessage>;
}

/** The declarations of a message's schema and of the type of valid messages. */
export function printMessage(scope: MessageScope): string {
  const { message, module } = scope;
  const type = importTypeOf(scope, message);
  const valid = `Valid${typeNameOf(message)}`;
  const fields = message.members.map((member) => printMember(scope, member));
  const names = fieldNames(message.members);
  const shape = [`{ ${fields.join(", ")} }`, ...(names === "" ? [] : [names])].join(", ");
  module.importType("z", "zod");
  return [
    docComment(`A {@link ${type}} that keeps its rules.`),
    printValidType(scope, type, valid),
    "",
    docComment(
      `Checks a {@link ${type}}: each rule that it breaks is an issue, with the rule's id in \`params.ruleId\`.`,
    ),
    `export const ${constantNameOf(message, "Schema")} = v.message(${shape}) satisfies z.ZodType<${valid}, ${type}>;`,
  ].join("\n");
}

function printValidType(scope: MessageScope, type: string, valid: string): string {
  if (!hasValidType(scope.message, scope.context)) {
    return `export type ${valid} = ${type};`;
  }
  const validTypeOf = (other: DescMessage) => importValidTypeOf(scope, other);
  const properties = validProperties(scope.message, type, scope.context, validTypeOf);
  const omitted = properties.map(({ name }) => JSON.stringify(name)).join(" | ");
  const lines = properties.map(({ name, type: property, required }) =>
    required ? `${name}: ${property};` : `${name}?: ${property} | undefined;`,
  );
  return `export interface ${valid} extends Omit<${type}, ${omitted}> { ${lines.join(" ")} }`;
}

function printMember(scope: MessageScope, member: DescField | DescOneof): string {
  const name = propertyNameOf(member);
  const schema = member.kind === "oneof" ? oneofSchema(scope, member) : memberSchema(scope, member);
  if (!refersAhead(scope, member)) {
    return `${name}: ${schema}`;
  }
  const index = `[${JSON.stringify(name)}]`;
  const type = importTypeOf(scope, scope.message);
  return `get ${name}(): z.ZodType<Valid${typeNameOf(scope.message)}${index}, ${type}${index}> { return ${schema}; }`;
}

/** Whether a schema is needed that stands further down in the module, or is the message's own. */
function refersAhead({ message, written }: MessageScope, member: DescField | DescOneof): boolean {
  const fields = member.kind === "oneof" ? member.fields : [member];
  return fields.some((field) => {
    const value = valueKindOf(field);
    return value.kind === "message" && value.type.file === message.file && !written.has(value.type);
  });
}

function memberSchema(scope: MessageScope, field: DescField): string {
  const type = `${importTypeOf(scope, scope.message)}[${JSON.stringify(propertyNameOf(field))}]`;
  return fieldSchema({ ...readFieldRules(field, scope.context), names: schemaNames(scope, field), type });
}

function oneofSchema(scope: MessageScope, oneof: DescOneof): string {
  const property = `${importTypeOf(scope, scope.message)}[${JSON.stringify(propertyNameOf(oneof))}]`;
  const cases = oneof.fields.map((field) => {
    const name = propertyNameOf(field);
    const type = `Extract<${property}, { $case: ${JSON.stringify(name)} }>["value"]`;
    return `${name}: ${caseSchema({ ...readFieldRules(field, scope.context), names: schemaNames(scope, field), type })}`;
  });
  const names = fieldNames(oneof.fields);
  const args = [`{ ${cases.join(", ")} }`, ...(names === "" ? [] : [names])].join(", ");
  const wrapper = isRequiredOneof(oneof, scope.context.registry) ? "required" : "optional";
  return `v.${wrapper}(v.oneof(${args}))`;
}

function schemaNames(scope: MessageScope, field: DescField): SchemaNames {
  const { module, context, message } = scope;
  return {
    enumOf: (type: DescEnum) => module.importValue(typeNameOf(type), importPathOf(message.file, type.file)),
    schemaOf: (type) => importSchema(type, { user: field, module, context }),
  };
}

/** The names of fields that cannot be told from their properties' names. */
function fieldNames(members: readonly (DescField | DescOneof)[]): string {
  const odd = members.filter((member) => snakeCase(propertyNameOf(member)) !== member.name);
  const entries = odd.map((member) => `${propertyNameOf(member)}: ${JSON.stringify(member.name)}`);
  return entries.length === 0 ? "" : `{ ${entries.join(", ")} }`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function importTypeOf({ message, module }: MessageScope, type: DescMessage): string {
  return module.importType(typeNameOf(type), importPathOf(message.file, type.file));
}

function importValidTypeOf({ message, module }: MessageScope, type: DescMessage): string {
  const name = `Valid${typeNameOf(type)}`;
  return type.file === message.file ? name : module.importType(name, importPathOf(message.file, type.file, ".schema"));
}
