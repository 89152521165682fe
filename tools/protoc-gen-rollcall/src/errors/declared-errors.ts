import type { DescEnum, DescEnumValue, FileRegistry } from "@bufbuild/protobuf";
import { readFields } from "../policy/option-fields.js";
import { readMessageOption } from "../read-option.js";

/** The enum option that makes its values reasons of errors. */
export const domainOption = "rollcall.policy.v1.errors";

/** The enum-value option that says what an error with the reason says. */
export const errorOption = "rollcall.policy.v1.error";

/** A reason as its proto declares it, right or wrong. */
export interface DeclaredError {
  readonly value: DescEnumValue;
  /** The value's name without the prefix that it shares with all others: `EMAIL_TAKEN`. */
  readonly reason: string;
  /** The name of a value of `rollcall.policy.v1.StatusCode`, empty when unset. */
  readonly code: string;
  readonly metadataKeys: readonly string[];
  readonly message: string;
}

/** Reads the domain of an enum's reasons; `undefined` when its values are no reasons, empty when it names none. */
export function readErrorDomain(reasons: DescEnum, registry: FileRegistry): string | undefined {
  const option = readMessageOption(registry, reasons, domainOption);
  return option === undefined ? undefined : readFields(option).text("domain");
}

/** Reads what a value of an enum says as the reason of an error; `undefined` when it does not say so. */
export function readError(value: DescEnumValue, registry: FileRegistry): DeclaredError | undefined {
  const option = readMessageOption(registry, value, errorOption);
  if (option === undefined) {
    return undefined;
  }
  const fields = readFields(option);
  return {
    value,
    reason: reasonNameOf(value),
    code: fields.choice("code"),
    metadataKeys: fields.texts("metadata_keys"),
    message: fields.text("message"),
  };
}

function reasonNameOf({ name, parent }: DescEnumValue): string {
  const prefix = `${parent.name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toUpperCase()}_`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
