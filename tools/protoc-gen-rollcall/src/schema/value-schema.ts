import { ScalarType } from "@bufbuild/protobuf";
import type { DescMessage } from "@bufbuild/protobuf";
import type { RulesScope } from "./field-rules.js";
import { compileTypedRules } from "./typed-rules.js";
import { rulesNameOf } from "./value-kind.js";
import type { ValueKind } from "./value-kind.js";

/** How expressions name what other modules export. */
export interface SchemaNames {
  /** The schema of a message, or `undefined` when there is none to refer to. */
  schemaOf(type: DescMessage): string | undefined;
  /** The enum that ts-proto generates. */
  enumOf(type: Extract<ValueKind, { kind: "enum" }>["type"]): string;
}

/** One value's place. */
export interface ValueScope extends RulesScope {
  readonly names: SchemaNames;
  /** The TypeScript type of the value, as an expression of types. */
  readonly type: string;
  /** Whether a zero value counts as absent, so that `required` and `IGNORE_IF_ZERO_VALUE` are about it. */
  readonly zeroIsAbsent: boolean;
  /** Whether the value is one of several: an item, a key or a map's value. */
  readonly isPart?: boolean;
}

/** The expression that constructs the schema of one value: of a singular field, an item, a key or a map's value. */
export function valueSchema(value: ValueKind, scope: ValueScope): string {
  refuseOtherRules(value, scope);
  if (scope.rules.ignore === "always" && (value.kind === "message" || value.kind === "opaque")) {
    return unchecked(scope);
  }
  switch (value.kind) {
    case "scalar":
      return `v.${scalarSchema(value.scalar)}(${args(scope, hasNegativeZero(value.scalar) && scope.isPart === true)})`;
    case "enum":
      return `v.enumeration(${[scope.names.enumOf(value.type), ...present(args(scope))].join(", ")})`;
    case "timestamp":
    case "duration":
      return `v.${value.kind}(${args({ ...scope, zeroIsAbsent: false })})`;
    case "opaque":
      return unchecked(scope);
    case "message":
      return scope.names.schemaOf(value.type) ?? unchecked(scope);
  }
}

/** The arguments that hold the rules, ready for a constructor of the validation module. */
export function args(scope: RulesScope & Pick<ValueScope, "zeroIsAbsent">, negativeZero = false): string {
  const { required, ignore } = scope.rules;
  const compiled = compileTypedRules(scope);
  const rules = ignore === "always" ? [] : compiled;
  const zero =
    scope.zeroIsAbsent && ignore !== "always" ? zeroOptions(required, ignore === "if-zero", negativeZero) : "";
  if (zero !== "") {
    return `[${rules.join(", ")}], ${zero}`;
  }
  return rules.length === 0 ? "" : `[${rules.join(", ")}]`;
}

function zeroOptions(required: boolean, ignoreZero: boolean, negativeZero: boolean): string {
  if (required) {
    return "{ required: true }";
  }
  return ignoreZero ? `{ ignoreZero: true${negativeZero ? ", negativeZero: true" : ""} }` : "";
}

function hasNegativeZero(scalar: ScalarType): boolean {
  return scalar === ScalarType.FLOAT || scalar === ScalarType.DOUBLE;
}

function present(text: string): readonly string[] {
  return text === "" ? [] : [text];
}

function unchecked({ type }: ValueScope): string {
  return `v.unchecked<${type}>()`;
}

function refuseOtherRules(value: ValueKind, { rules, report }: ValueScope): void {
  const { typed } = rules;
  const wanted = rulesNameOf(value);
  if (typed === undefined || typed.name === wanted) {
    return;
  }
  const noun = value.kind === "message" || value.kind === "opaque" ? value.type.typeName : (wanted ?? value.kind);
  const instead =
    wanted === undefined
      ? "put rules on the fields of the message"
      : `write rules of ${wanted}, such as ${wanted}.const`;
  report(`rules of ${typed.name} are on ${noun}`, instead);
}

/** The constructor for a scalar's schema. */
export function scalarSchema(scalar: ScalarType): string {
  switch (scalar) {
    case ScalarType.STRING:
      return "text";
    case ScalarType.BOOL:
      return "boolean";
    case ScalarType.BYTES:
      return "bytes";
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return "float";
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return "int32";
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return "uint32";
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return "int64";
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return "uint64";
  }
}
