import type { DescEnum, DescField, DescOneof, FileRegistry } from "@bufbuild/protobuf";
import { isReflectList, isReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { readMessageOption } from "../read-option.js";

/** One rule on a field or a oneof, whatever rules there are: nothing here knows their names. */
export interface DeclaredRule {
  /** Leads to the rule: `["string", "min_len"]`, `["repeated", "items", "string", "max_len"]`, `["required"]`. */
  readonly path: readonly string[];
  /** One value, or all of a list. */
  readonly values: readonly RuleValue[];
}

/** What a rule is set to. */
export interface RuleValue {
  /** For people. */
  readonly text: string;
  /** The value as a number, to compare it with others; durations and times in nanoseconds. `undefined` for others. */
  readonly order: number | bigint | undefined;
}

/** Reads the rules (`buf.validate`) on a field or a oneof, in the order of their declaration. */
export function readRules(element: DescField | DescOneof, registry: FileRegistry): readonly DeclaredRule[] {
  const rules = readMessageOption(registry, element, `buf.validate.${element.kind}`);
  return rules === undefined ? [] : listRules(rules, [], element.kind === "field" ? element.enum : undefined);
}

/** @param choices - What the numbers of an enum's rules stand for. */
function listRules(
  rules: ReflectMessage,
  parent: readonly string[],
  choices: DescEnum | undefined,
): readonly DeclaredRule[] {
  return rules.fields
    .filter((field) => rules.isSet(field))
    .flatMap((field) => {
      const value: unknown = rules.get(field);
      const path = [...parent, field.name];
      if (isReflectMessage(value) && !isSpanOrTime(value)) {
        return listRules(value, path, choices);
      }
      const values = isReflectList(value) ? [...value] : [value];
      // A rule that is switched off is none.
      return value === false ? [] : [{ path, values: values.map((one) => valueOf(one, field.enum, path, choices)) }];
    });
}

function isSpanOrTime({ desc }: ReflectMessage): boolean {
  return ["google.protobuf.Duration", "google.protobuf.Timestamp"].includes(desc.typeName);
}

function valueOf(
  value: unknown,
  ruleEnum: DescEnum | undefined,
  path: readonly string[],
  choices: DescEnum | undefined,
): RuleValue {
  if (isReflectMessage(value)) {
    return spanOrTimeOf(value);
  }
  if (typeof value === "number") {
    const named = ruleEnum ?? (path.at(-2) === "enum" ? choices : undefined);
    return { text: named?.value[value]?.name ?? String(value), order: value };
  }
  if (value instanceof Uint8Array) {
    return { text: `0x${Buffer.from(value).toString("hex")}`, order: undefined };
  }
  return { text: String(value), order: typeof value === "bigint" ? value : undefined };
}

function spanOrTimeOf(value: ReflectMessage): RuleValue {
  const partOf = (name: string) => {
    const field = value.fields.find((candidate) => candidate.name === name);
    return field === undefined ? 0 : Number(value.get(field));
  };
  const [seconds, nanos] = [partOf("seconds"), partOf("nanos")];
  const order = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
  const isTime = value.desc.typeName === "google.protobuf.Timestamp";
  return { text: isTime ? new Date(seconds * 1_000 + nanos / 1e6).toISOString() : `${seconds + nanos / 1e9} s`, order };
}
