import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { DescField } from "@bufbuild/protobuf";
import { partScope } from "./field-rules.js";
import type { RulesScope } from "./field-rules.js";
import { hasMapType } from "./map-type.js";
import { compileTypedRules } from "./typed-rules.js";
import { valueKindOf } from "./value-kind.js";
import type { ValueKind } from "./value-kind.js";
import { args, scalarSchema, valueSchema } from "./value-schema.js";
import type { SchemaNames } from "./value-schema.js";

/** A field to be compiled. */
export interface FieldScope extends RulesScope {
  readonly names: SchemaNames;
  /** The type of the field's property, as an expression of types: `User["email"]`. */
  readonly type: string;
}

/** The expression that constructs the schema of a field of its own, outside of a oneof. */
export function fieldSchema(scope: FieldScope): string {
  const { field, rules, type } = scope;
  switch (field.fieldKind) {
    case "list":
      return listSchema(scope);
    case "map":
      return mapSchema(field, scope);
    default: {
      const zeroIsAbsent = field.presence === FeatureSet_FieldPresence.IMPLICIT;
      if (zeroIsAbsent) {
        return valueSchema(valueKindOf(field), { ...scope, zeroIsAbsent });
      }
      const value = valueSchema(valueKindOf(field), { ...scope, zeroIsAbsent, type: `NonNullable<${type}>` });
      return rules.required && rules.ignore !== "always" ? `v.required(${value})` : `v.optional(${value})`;
    }
  }
}

/** The expression that constructs the schema of a field within a oneof, for when it is set. */
export function caseSchema(scope: FieldScope): string {
  if (scope.rules.required) {
    scope.report(
      "a field of a oneof cannot be required, it would forbid the others",
      "write option (buf.validate.oneof).required = true in the oneof",
    );
  }
  return valueSchema(valueKindOf(scope.field), { ...scope, zeroIsAbsent: false });
}

function listSchema(scope: FieldScope): string {
  refuseScalarRules(scope, "repeated", "items");
  const inner = { ...partScope(scope, "items"), zeroIsAbsent: true, isPart: true };
  const item = valueSchema(valueKindOf(scope.field), {
    ...scope,
    ...unlessIgnored(scope, inner),
    type: `${scope.type}[number]`,
  });
  return `v.list(${join(item, args({ ...scope, zeroIsAbsent: true }))})`;
}

function mapSchema(field: DescField & { fieldKind: "map" }, scope: FieldScope): string {
  refuseScalarRules(scope, "map", "keys or map.values");
  const keys = { ...scope, ...unlessIgnored(scope, partScope(scope, "keys")), zeroIsAbsent: true, isPart: true };
  const values = { ...scope, ...unlessIgnored(scope, partScope(scope, "values")), zeroIsAbsent: true, isPart: true };
  const asMap = hasMapType(field);
  const type = asMap ? `v.MapValue<${scope.type}>` : `${scope.type}[string]`;
  const key = keySchema({ kind: "scalar", scalar: field.mapKey }, asMap, { ...keys, type: "never" });
  const value = valueSchema(valueKindOf(field), { ...values, type });
  return `v.${asMap ? "keyedMap" : "record"}(${join(key, value, args({ ...scope, zeroIsAbsent: true }))})`;
}

function keySchema(
  key: Extract<ValueKind, { kind: "scalar" }>,
  asMap: boolean,
  scope: Parameters<typeof valueSchema>[1],
): string {
  const schema = valueSchema(key, scope);
  const constructor = scalarSchema(key.scalar);
  return asMap || constructor === "text" ? schema : schema.replace(`v.${constructor}(`, "v.numericKey(");
}

/** What a field ignores, its parts ignore too. Their rules are compiled all the same, so that mistakes are told. */
function unlessIgnored<S extends RulesScope>(field: FieldScope, part: S): S {
  if (field.rules.ignore !== "always") {
    return part;
  }
  compileTypedRules(part);
  return { ...part, rules: { ...part.rules, typed: undefined, ignore: "always" } };
}

function refuseScalarRules({ rules, report }: FieldScope, wanted: "repeated" | "map", parts: string): void {
  if (rules.typed !== undefined && rules.typed.name !== wanted) {
    const { name } = rules.typed;
    report(`rules of ${name} are on a ${wanted} field`, `write them within ${wanted}.${parts}`);
  }
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}
