import { ScalarType } from "@bufbuild/protobuf";
import type { DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { code, createPage, describe, table } from "./markdown.js";
import type { Page } from "./markdown.js";
import type { Contents } from "./contents.js";
import { linkType, titleOf } from "./contents.js";
import { readRules } from "./declared-rules.js";
import { describeRules } from "./rule-text.js";

/** Tells of all messages and enums, in the order of their names. */
export function createMessagesPage(contents: Contents): Page {
  const types = contents.types.toSorted((one, other) => (titleOf(one) < titleOf(other) ? -1 : 1));
  return createPage("messages.md", [
    "# Messages",
    "What requests and responses are made of, in alphabetical order. A request that breaks a rule ends with INVALID_ARGUMENT.",
    ...types.flatMap((type) => [
      `## ${titleOf(type)}`,
      describe(type),
      type.kind === "message" ? describeMessage(contents, type) : describeEnum(type),
    ]),
  ]);
}

function describeEnum(type: DescEnum): string {
  const rows = type.values.map((value) => [code(value.name), String(value.number), describe(value)]);
  return table(["Value", "Number", "Meaning"], rows);
}

function describeMessage(contents: Contents, message: DescMessage): string {
  if (message.members.length === 0) {
    return "It has no fields.";
  }
  const rows = message.members.flatMap((member) =>
    member.kind === "oneof"
      ? member.fields.map((field) => describeField(contents, field, member))
      : [describeField(contents, member)],
  );
  return table(["Field", "Type", "Meaning", "Rules"], rows);
}

function describeField(contents: Contents, field: DescField, oneof?: DescOneof): readonly string[] {
  const { registry } = contents;
  const rules = [
    describeRules(readRules(field, registry)),
    ...(oneof === undefined ? [] : [describeOneof(contents, oneof)]),
  ];
  const secret = field.proto.options?.debugRedact === true ? ["never logged"] : [];
  return [
    code(field.name),
    typeOf(contents, field),
    describe(field),
    [...rules, ...secret].filter((text) => text !== "").join("; "),
  ];
}

function describeOneof({ registry }: Contents, oneof: DescOneof): string {
  const names = oneof.fields.map(({ name }) => code(name)).join(", ");
  const required = readRules(oneof, registry).some(({ path }) => path.join(".") === "required");
  return `${required ? "exactly" : "at most"} one of ${names}`;
}

function typeOf(contents: Contents, field: DescField): string {
  switch (field.fieldKind) {
    case "list":
      return `list of ${elementOf(contents, field)}`;
    case "map":
      return `map from ${scalarName(field.mapKey)} to ${elementOf(contents, field)}`;
    default:
      return `${field.proto.proto3Optional ? "optional " : ""}${elementOf(contents, field)}`;
  }
}

function elementOf(contents: Contents, { message, enum: choices, scalar }: DescField): string {
  const type = message ?? choices;
  return type === undefined ? scalarName(scalar ?? ScalarType.STRING) : linkType(contents, type);
}

function scalarName(scalar: ScalarType): string {
  return ScalarType[scalar].toLowerCase();
}
