import { ScalarType } from "@bufbuild/protobuf";
import type { DescEnum, DescField, DescMessage } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** What one value of a field is: the field itself, an item, a key or a value of it. */
export type ValueKind =
  | { readonly kind: "scalar"; readonly scalar: ScalarType }
  | { readonly kind: "enum"; readonly type: DescEnum }
  | { readonly kind: "timestamp" }
  | { readonly kind: "duration" }
  /** A well-known type that ts-proto gives a type of its own, and that no rule looks into. */
  | { readonly kind: "opaque"; readonly type: DescMessage }
  | { readonly kind: "message"; readonly type: DescMessage };

const opaque: readonly string[] = ["Any", "Struct", "Value", "ListValue", "FieldMask", "Empty"].map(
  (name) => `google.protobuf.${name}`,
);

/** What a value of the field is: the value of a singular field, an item of a list, a value of a map. */
export function valueKindOf({ scalar, enum: enumeration, message }: DescField): ValueKind {
  if (scalar !== undefined) {
    return { kind: "scalar", scalar };
  }
  return enumeration === undefined ? messageKindOf(message) : { kind: "enum", type: enumeration };
}

function messageKindOf(type: DescMessage | undefined): ValueKind {
  if (type === undefined) {
    throw new Error("a field is a scalar, an enum or a message");
  }
  const wrapped = isWrapperDesc(type) ? type.fields[0].scalar : undefined;
  if (wrapped !== undefined) {
    return { kind: "scalar", scalar: wrapped };
  }
  switch (type.typeName) {
    case "google.protobuf.Timestamp":
      return { kind: "timestamp" };
    case "google.protobuf.Duration":
      return { kind: "duration" };
    default:
      return { kind: opaque.includes(type.typeName) ? "opaque" : "message", type };
  }
}

/** The field of `buf.validate.FieldRules` that has the rules for such values, or `undefined` when none has. */
export function rulesNameOf(value: ValueKind): string | undefined {
  switch (value.kind) {
    case "scalar":
      return ScalarType[value.scalar].toLowerCase();
    case "enum":
    case "timestamp":
    case "duration":
      return value.kind;
    case "opaque":
    case "message":
      return undefined;
  }
}
