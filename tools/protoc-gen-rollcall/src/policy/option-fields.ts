import { isReflectList, isReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/** Reads the fields of an option by their names in the proto. A field that the option does not have reads as unset. */
export interface OptionFields {
  /** Empty when unset. */
  text(name: string): string;
  /** Empty when unset. */
  texts(name: string): readonly string[];
  /** 0 when unset. */
  number(name: string): number;
  /** False when unset. */
  flag(name: string): boolean;
  /** The name of the enum value; empty when unset or unknown. */
  choice(name: string): string;
  /** A `google.protobuf.Duration` in milliseconds, `undefined` when unset. */
  durationMs(name: string): number | undefined;
  /** A message, `undefined` when unset. */
  message(name: string): OptionFields | undefined;
}

/** Reads an option. */
export function readFields(option: ReflectMessage): OptionFields {
  const get = (name: string): unknown => {
    const field = option.fields.find((candidate) => candidate.name === name);
    return field !== undefined && option.isSet(field) ? option.get(field) : undefined;
  };
  const messageOf = (name: string) => {
    const value = get(name);
    return isReflectMessage(value) ? readFields(value) : undefined;
  };
  return {
    text: (name) => textOf(get(name)),
    texts: (name) => textsOf(get(name)),
    number: (name) => Number(get(name) ?? 0),
    flag: (name) => get(name) === true,
    choice: (name) => enumValueName(option, name),
    durationMs: (name) => durationMsOf(messageOf(name)),
    message: messageOf,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): readonly string[] {
  return isReflectList(value) ? [...value].filter((item) => typeof item === "string") : [];
}

function enumValueName(option: ReflectMessage, name: string): string {
  const field = option.fields.find((candidate) => candidate.name === name);
  if (field?.fieldKind !== "enum" || !option.isSet(field)) {
    return "";
  }
  return field.enum.value[option.get(field)]?.name ?? "";
}

function durationMsOf(duration: OptionFields | undefined): number | undefined {
  return duration === undefined ? undefined : duration.number("seconds") * 1_000 + duration.number("nanos") / 1_000_000;
}
