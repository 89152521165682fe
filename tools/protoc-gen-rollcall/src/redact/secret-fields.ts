import type { DescField, DescMessage } from "@bufbuild/protobuf";

/** Whether the standard option `debug_redact` keeps a field out of logs. */
export function isSecret(field: DescField): boolean {
  return field.proto.options?.debugRedact ?? false;
}

/** Whether a message has a secret field, itself or in a message inside it, however deep. */
export function holdsSecret(message: DescMessage): boolean {
  const seen = new Set([message]);
  // A set is walked in order of insertion, and what is added on the way is walked as well.
  for (const { fields } of seen) {
    if (fields.some(isSecret)) {
      return true;
    }
    for (const { message: inner } of fields) {
      if (inner !== undefined) {
        seen.add(inner);
      }
    }
  }
  return false;
}
