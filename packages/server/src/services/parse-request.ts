import type { z } from "zod";
import { invalidRequest } from "./errors.js";
import type { FieldViolation } from "./field-violations.js";
import { quote } from "./quote.js";

/**
 * The request as the schema reads it.
 *
 * @param prefix - The path of the request itself where it is part of a larger one, such as `users[17]`.
 * @throws StatusError `INVALID_ARGUMENT` that names every field that breaks a rule.
 */
export function parseRequest<S extends z.ZodType>(schema: S, request: unknown, prefix = ""): z.output<S> {
  const result = schema.safeParse(request);
  if (result.success) {
    return result.data;
  }
  throw invalidRequest(result.error.issues.map((issue) => violationOf(issue, prefix)));
}

function violationOf(issue: z.core.$ZodIssue, prefix: string): FieldViolation {
  const key = issue.code === "invalid_key" ? issue.issues[0] : undefined; // what is wrong is the key, not the value
  const description = key === undefined ? issue.message : `key ${key.message}`;
  return { field: issue.path.reduce<string>(append, prefix), description };
}

/** Paths are written as in a proto: `users[17].phone`, `metadata["colour"]`. */
function append(path: string, segment: PropertyKey): string {
  if (typeof segment === "number") {
    return `${path}[${String(segment)}]`;
  }
  const name = String(segment);
  if (!/^[a-z][A-Za-z0-9]*$/.test(name) || isMapField(path)) {
    return `${path}[${quote(name)}]`;
  }
  const field = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return path === "" ? field : `${path}.${field}`;
}

function isMapField(path: string): boolean {
  return path.endsWith("metadata");
}
