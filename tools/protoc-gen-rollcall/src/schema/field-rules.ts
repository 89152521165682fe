import type { DescField } from "@bufbuild/protobuf";
import { isReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { GeneratorContext } from "../generator.js";
import { placeOf } from "../place.js";
import { readMessageOption } from "../read-option.js";

/** The number of `FieldDescriptorProto.options`, and that of the extension `buf.validate.field` within. */
const optionPath = [8, 1159];

/** When the rules on a value do not count: the values of `buf.validate.Ignore`. */
type Ignore = "unspecified" | "if-zero" | "always";

/** What `buf.validate.FieldRules` says about the values of a field, or about its items, keys or values. */
interface FieldRules {
  readonly required: boolean;
  readonly ignore: Ignore;
  /** The rules for the type, such as `StringRules`, by the name they have in FieldRules: `string`. */
  readonly typed: { readonly name: string; readonly rules: ReflectMessage } | undefined;
}

/** The rules on something, and where mistakes in them are told. */
export interface RulesScope {
  readonly field: DescField;
  readonly context: GeneratorContext;
  readonly rules: FieldRules;
  /** Tells a mistake in the rules of the field. */
  readonly report: (problem: string, instead: string) => void;
}

const noRules: FieldRules = { required: false, ignore: "unspecified", typed: undefined };

/** Reads the rules on a field. */
export function readFieldRules(field: DescField, context: GeneratorContext): RulesScope {
  const report = (problem: string, instead: string) => {
    context.report({ ...placeOf(field, optionPath), problem, instead });
  };
  const option = readMessageOption(context.registry, field, "buf.validate.field");
  return { field, context, report, rules: option === undefined ? noRules : parse(option, report) };
}

/** The rules on a part of the field, such as its `items`: those that its own rules hold under this name. */
export function partScope(scope: RulesScope, part: "items" | "keys" | "values"): RulesScope {
  const typed = scope.rules.typed?.rules;
  const option = typed && ruleOf(typed, part);
  const rules = isReflectMessage(option) ? parse(option, scope.report) : noRules;
  if (rules.required) {
    scope.report(`${part} cannot be required, they are always there`, "write a rule that an empty value breaks");
  }
  return { ...scope, rules: { ...rules, required: false } };
}

/** The value of a rule that is set, or `undefined`. */
export function ruleOf(rules: ReflectMessage, name: string): unknown {
  const field = rules.fields.find((candidate) => candidate.name === name);
  return field !== undefined && rules.isSet(field) ? rules.get(field) : undefined;
}

/** The names of the rules that are set, in the order of their declaration. */
export function setRules(rules: ReflectMessage): readonly string[] {
  return rules.fields.filter((field) => rules.isSet(field)).map(({ name }) => name);
}

function parse(option: ReflectMessage, report: RulesScope["report"]): FieldRules {
  let typed: FieldRules["typed"];
  for (const name of setRules(option)) {
    const rules = ruleOf(option, name);
    if (isReflectMessage(rules)) {
      typed = { name, rules };
      refuseUnknown(rules, report);
    } else if (name !== "required" && name !== "ignore") {
      report(`${name} is not supported`, "write one of the rules that proto/buf/validate/validate.proto declares");
    }
  }
  refuseUnknown(option, report);
  return {
    required: ruleOf(option, "required") === true,
    ignore: parseIgnore(ruleOf(option, "ignore"), report),
    typed,
  };
}

function parseIgnore(value: unknown, report: RulesScope["report"]): Ignore {
  switch (value) {
    case undefined:
    case 0:
      return "unspecified";
    case 1:
      return "if-zero";
    case 3:
      return "always";
    default:
      report(`ignore has the unknown value ${String(value)}`, "write IGNORE_IF_ZERO_VALUE or IGNORE_ALWAYS");
      return "unspecified";
  }
}

/** Rules that another version of the standard declares arrive as fields without a name. */
function refuseUnknown(rules: ReflectMessage, report: RulesScope["report"]): void {
  const numbers = rules.getUnknown()?.map(({ no }) => no) ?? [];
  if (numbers.length > 0) {
    report(
      `${rules.desc.name} has fields that are not supported: ${numbers.join(", ")}`,
      "write one of the rules that proto/buf/validate/validate.proto declares",
    );
  }
}
