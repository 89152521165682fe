import type { DescField, DescOneof } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import type { DeclaredRule } from "@rollcall/tool-protoc-gen-rollcall";

/** Rules that what is empty, 0 or false always keeps to. */
const harmless = /^(?:max_.*|defined_only|unique|not_contains|finite|ignore)$/;

/** Whether a rule refuses a message that does not have the field, as far as the rule's name and value tell; if in doubt, it does. */
export function refusesAbsence(
  element: DescField | DescOneof,
  { path, values }: DeclaredRule,
  all: readonly DeclaredRule[],
): boolean {
  const name = path.at(-1) ?? "";
  if (path.length === 1) {
    return name === "required";
  }
  const isIgnored = all.some((rule) => rule.path.join(".") === "ignore");
  if (element.kind === "oneof" || isIgnored || knowsAbsence(element) || isOfParts(path) || harmless.test(name)) {
    return false;
  }
  const refused = bounds[name];
  const order = values[0]?.order;
  if (name === "in" || name === "not_in") {
    return values.some(isZero) === (name === "not_in");
  }
  return refused === undefined || order === undefined || refused(order);
}

/** Whether a bound refuses 0. */
const bounds: Readonly<Record<string, (bound: number | bigint) => boolean>> = {
  min_len: (bound) => bound > 0,
  min_bytes: (bound) => bound > 0,
  min_items: (bound) => bound > 0,
  min_pairs: (bound) => bound > 0,
  gt: (bound) => bound >= 0,
  gte: (bound) => bound > 0,
  lt: (bound) => bound <= 0,
  lte: (bound) => bound < 0,
};

function isZero({ text, order }: DeclaredRule["values"][number]): boolean {
  return text === "" || Number(order ?? 1) === 0;
}

function knowsAbsence(field: DescField): boolean {
  return field.fieldKind === "message" || field.presence === FeatureSet_FieldPresence.EXPLICIT;
}

function isOfParts([, part]: readonly string[]): boolean {
  return part === "items" || part === "keys" || part === "values";
}
