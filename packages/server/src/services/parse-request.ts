import { type Violation, violationsOf } from "@rollcall/rpc/validation";
import type { z } from "zod";
import { invalidRequest } from "./errors.js";
import type { FieldViolation } from "./field-violations.js";

/** What else there is to know of a request. */
export interface ParseOptions<I> {
  /** The path of the request itself where it is part of a larger one, such as `users[17]`. */
  readonly prefix?: string | undefined;
  /** What is wrong with a request beyond what the contract's rules can say. */
  readonly alsoWrong?: ((request: I) => readonly FieldViolation[]) | undefined;
}

/**
 * The request, if it keeps the rules of the contract.
 *
 * @throws StatusError `INVALID_ARGUMENT` that names every field that breaks a rule.
 */
export function parseRequest<T, I>(schema: z.ZodType<T, I>, request: I, options: ParseOptions<I> = {}): T {
  const { prefix = "", alsoWrong = () => [] } = options;
  const result = schema.safeParse(request);
  const broken = result.success ? [] : violationsOf(schema, result.error, request).map(describe);
  const violations = [...broken, ...alsoWrong(request)];
  if (!result.success || violations.length > 0) {
    throw invalidRequest(violations.map((violation) => ({ ...violation, field: within(prefix, violation.field) })));
  }
  return result.data;
}

function describe({ field, message, ruleId, forKey }: Violation): FieldViolation {
  return { field: shortenKeys(field), description: forKey ? `key ${message}` : message, rule: ruleId };
}

/** Keys of maps are the client's own text: cut after 64 characters, so that no error grows with the request it is about. */
function shortenKeys(field: string): string {
  return field.replaceAll(/\["((?:[^"\\]|\\.){64})(?:[^"\\]|\\.)+"\]/gu, '["$1…"]');
}

function within(prefix: string, field: string): string {
  return prefix === "" ? field : `${prefix}.${field}`;
}
