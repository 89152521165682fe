import { ScalarType } from "@bufbuild/protobuf";
import type { DescField } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";

/** What stands for a text that must not be shown. */
const placeholder = '"[redacted]"';

/**
 * The expression that stands for a secret field. Texts that are there become a placeholder, so that a log still tells
 * whether there was one; all others read as unset.
 *
 * @param value - The expression that reads the field.
 */
export function redactedField(field: DescField, value: string): string {
  if (field.fieldKind === "list") {
    return "[]";
  }
  if (field.fieldKind === "map") {
    return isJsMap(field) ? "new Map()" : "{}";
  }
  const explicit = field.fieldKind === "message" || field.presence === FeatureSet_FieldPresence.EXPLICIT;
  const unset = explicit ? "undefined" : zeroOf(field);
  const isText = field.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
  return isText ? `${value} === ${unset} ? ${unset} : ${placeholder}` : unset;
}

/** The expression that stands for a secret member of a oneof; `undefined` where none can, and the oneof reads as unset. */
export function redactedMember(field: DescField): string | undefined {
  if (field.fieldKind === "message") {
    return undefined;
  }
  return field.fieldKind === "scalar" && field.scalar === ScalarType.STRING ? placeholder : zeroOf(field);
}

/** Whether ts-proto makes a map a `Map`, because an object cannot have such keys, and not an object. */
export function isJsMap(field: DescField & { fieldKind: "map" }): boolean {
  return isWide(field.mapKey) || field.mapKey === ScalarType.BOOL;
}

function zeroOf(field: DescField): string {
  const { scalar } = field;
  switch (scalar) {
    case ScalarType.STRING:
      return '""';
    case ScalarType.BYTES:
      return "new Uint8Array(0)";
    case ScalarType.BOOL:
      return "false";
    default:
      return scalar !== undefined && isWide(scalar) ? "0n" : "0";
  }
}

function isWide(scalar: ScalarType): boolean {
  const wide = [ScalarType.INT64, ScalarType.UINT64, ScalarType.SINT64, ScalarType.FIXED64, ScalarType.SFIXED64];
  return wide.includes(scalar);
}
