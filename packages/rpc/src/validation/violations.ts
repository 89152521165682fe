import { z } from "zod";
import { fieldNameOf } from "./message.js";
import { isNumericKey } from "./numeric-key.js";
import { caseNameOf } from "./oneof.js";

/** One rule that a message breaks. */
export interface Violation {
  /** The field, as a proto names it: `users[17].email`, `metadata["colour"]`. Empty for the message itself. */
  readonly field: string;
  /** The rule's id, such as `string.min_len`; empty when the value is not of the field's type. */
  readonly ruleId: string;
  /** What the value must do instead, as in `must have at least 8 characters`. */
  readonly message: string;
  /** Whether the rule is on the key of a map's entry, rather than on its value. */
  readonly forKey: boolean;
}

/**
 * Tells in the proto's terms why a message is not valid.
 *
 * @param schema - The message's generated schema.
 * @param error - What parsing it gave.
 * @param value - The message that was parsed.
 */
export function violationsOf(schema: z.ZodType, error: z.core.$ZodError, value: unknown): readonly Violation[] {
  return error.issues.map((issue) => ({
    field: fieldPathOf(schema, issue.path, value),
    message: issue.message,
    ...paramsOf(issue),
  }));
}

function paramsOf(issue: z.core.$ZodIssue): Pick<Violation, "ruleId" | "forKey"> {
  const params: Readonly<Record<string, unknown>> = (issue.code === "custom" ? issue.params : undefined) ?? {};
  const { ruleId, forKey } = params;
  return { ruleId: typeof ruleId === "string" ? ruleId : "", forKey: forKey === true };
}

/** A place within a message, while the path is walked. */
interface Step {
  readonly schema: z.core.$ZodType | undefined;
  readonly value: unknown;
  readonly path: string;
}

function fieldPathOf(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string {
  let step: Step = { schema, value, path: "" };
  let rest = path;
  while (rest.length > 0) {
    const [next, used] = walk(step, rest);
    step = next;
    rest = rest.slice(used);
  }
  return step.path;
}

/** Follows one element of the path, or two into a oneof, and says how many. */
function walk({ schema, value, path }: Step, [key = "", second]: readonly PropertyKey[]): [Step, number] {
  const type = schema && unwrap(schema);
  if (type instanceof z.ZodArray) {
    return [{ schema: type.element, value: propertyOf(value, key), path: `${path}[${String(key)}]` }, 1];
  }
  if (type instanceof z.ZodRecord || type instanceof z.ZodMap) {
    return [{ schema: type.valueType, value: entryOf(value, key), path: `${path}[${printKey(type.keyType, key)}]` }, 1];
  }
  if (type instanceof z.ZodObject) {
    const inner = shapeOf(type)[String(key)];
    const union = inner && unwrap(inner);
    if (second === "value" && union instanceof z.ZodDiscriminatedUnion) {
      return [walkCase(union, propertyOf(value, key), path), 2];
    }
    const name = fieldNameOf(type, String(key));
    return [{ schema: inner, value: propertyOf(value, key), path: append(path, name) }, 1];
  }
  return [{ schema: undefined, value: undefined, path: append(path, String(key)) }, 1];
}

function walkCase(union: z.ZodDiscriminatedUnion, value: unknown, path: string): Step {
  const chosen = propertyOf(value, "$case");
  const option = union.options.find((candidate) => candidate instanceof z.ZodObject && hasCase(candidate, chosen));
  const schema = option instanceof z.ZodObject ? shapeOf(option)["value"] : undefined;
  return { schema, value: propertyOf(value, "value"), path: append(path, caseNameOf(union, String(chosen))) };
}

type Shape = Readonly<Record<string, z.core.$ZodType | undefined>>;

function shapeOf(type: z.ZodObject): Shape {
  return type.shape;
}

function hasCase(option: z.ZodObject, chosen: unknown): boolean {
  const literal = shapeOf(option)["$case"];
  return literal instanceof z.ZodLiteral && literal.value === chosen;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNonOptional ? unwrap(schema.unwrap()) : schema;
}

function append(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function propertyOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

/** Keys of a Map that are not text are text in a path. */
function entryOf(value: unknown, key: PropertyKey): unknown {
  return value instanceof Map
    ? [...value].find(([candidate]) => String(candidate) === String(key))?.[1]
    : propertyOf(value, key);
}

function printKey(keyType: unknown, key: PropertyKey): string {
  const isText = keyType instanceof z.ZodString && !isNumericKey(keyType);
  return isText ? JSON.stringify(String(key)) : String(key);
}
