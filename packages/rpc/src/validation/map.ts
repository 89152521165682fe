import { z } from "zod";
import { quickTestOf, withQuickTest } from "./quick-test.js";
import { maxIssues } from "./max-issues.js";
import { runNow } from "./run-now.js";
import { brokenRules, issueOf, rulesTest } from "./ruled.js";
import type { Rule, ZeroOptions } from "./rule.js";

const sizeType = {
  is: (value: unknown): value is number => typeof value === "number",
  isZero: (size: number) => size === 0,
};

interface Rules {
  readonly rules: readonly Rule<number>[];
  readonly zero: ZeroOptions;
}

/** The rules travel with the definition, so that a schema derived from this one keeps them. */
interface RecordDefinition extends z.core.$ZodRecordDef, Rules {}
interface MapDefinition extends z.core.$ZodMapDef, Rules {}

const RuledRecord = z.core.$constructor<z.ZodRecord, RecordDefinition>("RuledRecord", (schema, definition) => {
  z.ZodRecord.init(schema, definition);
  schema._zod.parse = (payload, context) => {
    const value: unknown = payload.value;
    if (!isRecord(value)) {
      payload.issues.push({ code: "invalid_type", expected: "record", input: value, inst: schema });
      return payload;
    }
    const entries = Object.entries(value);
    payload.value = Object.fromEntries(runEntries(entries, schema, definition, payload, context));
    return payload;
  };
});

const RuledMap = z.core.$constructor<z.ZodMap, MapDefinition>("RuledMap", (schema, definition) => {
  z.ZodMap.init(schema, definition);
  schema._zod.parse = (payload, context) => {
    const value: unknown = payload.value;
    if (!(value instanceof Map)) {
      payload.issues.push({ code: "invalid_type", expected: "map", input: value, inst: schema });
      return payload;
    }
    payload.value = new Map(runEntries([...value], schema, definition, payload, context));
    return payload;
  };
});

interface EntryTypes extends Rules {
  readonly keyType: z.core.$ZodType;
  readonly valueType: z.core.$ZodType;
}

/** Checks the size, the keys and the values. Issues of a key are those of its entry, with `forKey` among the `params`. */
function runEntries<K>(
  entries: readonly (readonly [K, unknown])[],
  schema: z.core.$ZodType,
  { keyType, valueType, rules, zero }: EntryTypes,
  payload: z.core.ParsePayload,
  context: z.core.ParseContextInternal,
): readonly (readonly [K, unknown])[] {
  for (const rule of brokenRules(sizeType, rules, zero, entries.length)) {
    payload.issues.push({ ...issueOf(rule, payload.value), inst: schema });
  }
  const results: [K, unknown][] = [];
  for (const [key, value] of entries) {
    const segment = typeof key === "number" ? key : String(key);
    payload.issues.push(...runNow(keyType, key, context).issues.map((issue) => keyIssue(issue, segment)));
    const result = runNow(valueType, value, context);
    payload.issues.push(...z.core.util.prefixIssues(segment, result.issues));
    results.push([key, result.value]);
    if (payload.issues.length >= maxIssues) {
      break;
    }
  }
  return results;
}

function keyIssue(issue: z.core.$ZodRawIssue, segment: PropertyKey): z.core.$ZodRawIssue {
  const params: unknown = issue.code === "custom" ? issue.params : undefined;
  const forKey = { params: { ...(typeof params === "object" ? params : {}), forKey: true } };
  return Object.assign(issue, forKey, { path: [segment] });
}

/**
 * A `map` whose keys are text or 32-bit numbers: an object.
 *
 * @param keys - Keys of an object are text, so that the schema of numbers is {@link numericKey}.
 */
export function record<V extends z.ZodType>(
  keys: z.ZodString,
  values: V,
  rules: readonly Rule<number>[] = [],
  zero: ZeroOptions = {},
): z.ZodRecord<z.ZodString, V> {
  const definition: RecordDefinition = { type: "record", keyType: keys, valueType: values, rules, zero };
  // The constructor does not know which types it is given.
  const schema = new RuledRecord(definition) as unknown as z.ZodRecord<z.ZodString, V>;
  const keeps = rulesTest(sizeType, rules, zero);
  return withQuickTest(schema, () => {
    const test = entryTest(keys, values);
    return (
      test &&
      ((value) => {
        const entries = isRecord(value) ? Object.entries(value) : undefined;
        return entries !== undefined && keeps(entries.length) && entries.every(test);
      })
    );
  });
}

/** A `map` whose keys are booleans or 64-bit numbers: a Map. */
export function keyedMap<K extends z.ZodType, V extends z.ZodType>(
  keys: K,
  values: V,
  rules: readonly Rule<number>[] = [],
  zero: ZeroOptions = {},
): z.ZodMap<K, V> {
  const definition: MapDefinition = { type: "map", keyType: keys, valueType: values, rules, zero };
  // The constructor does not know which types it is given.
  const schema = new RuledMap(definition) as unknown as z.ZodMap<K, V>;
  const keeps = rulesTest(sizeType, rules, zero);
  return withQuickTest(schema, () => {
    const test = entryTest(keys, values);
    return test && ((value) => value instanceof Map && keeps(value.size) && [...value].every(test));
  });
}

function entryTest(keys: z.ZodType, values: z.ZodType): ((entry: readonly [unknown, unknown]) => boolean) | undefined {
  const testKey = quickTestOf(keys);
  const testValue = quickTestOf(values);
  return testKey && testValue && (([key, value]) => testKey(key) && testValue(value));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

/** The keys of a Map. */
export type MapKey<M> = M extends ReadonlyMap<infer K, unknown> ? K : never;

/** The values of a Map. */
export type MapValue<M> = M extends ReadonlyMap<unknown, infer V> ? V : never;
