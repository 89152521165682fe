import { isReflectList, isReflectMessage } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { ruleOf, setRules } from "./field-rules.js";
import type { RulesScope } from "./field-rules.js";
import { literal, timeOf } from "./literal.js";
import { compilePattern, maxLengthOfSlowPattern } from "./pattern.js";

/** One rule, as the compilers below see it. */
interface RuleInput {
  /** The rules it is one of, as FieldRules calls them: `string`, `int32`. */
  readonly kind: string;
  readonly name: string;
  readonly value: unknown;
  readonly rules: ReflectMessage;
  readonly scope: RulesScope;
}

/** Makes the expressions that construct a rule. None for one that says nothing, such as `email: false`. */
type RuleCompiler = (rule: RuleInput) => readonly string[];

/** Constructs a rule with the value as its argument. */
function call(constructor: string): RuleCompiler {
  return ({ value }) => [`v.${constructor}(${literal(value)})`];
}

/** Constructs a rule with a count as its argument. */
function counting(constructor: string): RuleCompiler {
  return ({ name, value, scope }) => {
    if (typeof value !== "bigint" || value > BigInt(Number.MAX_SAFE_INTEGER)) {
      scope.report(`${name} is ${String(value)}`, `write at most ${Number.MAX_SAFE_INTEGER}`);
      return [];
    }
    return [`v.${constructor}(${String(value)})`];
  };
}

/** Constructs a rule with the kind of rules and the value as its arguments. */
function ofKind(constructor: string): RuleCompiler {
  return (rule) => {
    refuseNaN(rule);
    return [`v.${constructor}(${JSON.stringify(rule.kind)}, ${literal(rule.value)})`];
  };
}

/** Constructs what the rule says when it is true. */
function flag(expression: (rule: RuleInput) => string): RuleCompiler {
  return (rule) => (rule.value === true ? [expression(rule)] : []);
}

function patternRule(constructor: string): RuleCompiler {
  return ({ value, rules, scope }) => {
    const compiled = compilePattern(String(value), isBounded(rules));
    if (compiled.kind === "mistake") {
      scope.report(compiled.problem, compiled.instead);
      return [];
    }
    return [`v.${constructor}(${new RegExp(compiled.source, "u").toString()})`];
  };
}

function isBounded(rules: ReflectMessage): boolean {
  return ["len", "max_len", "len_bytes", "max_bytes"].some((name) => {
    const bound = ruleOf(rules, name);
    return typeof bound === "bigint" && bound <= maxLengthOfSlowPattern;
  });
}

const bounds = ["gt", "gte", "lt", "lte"];

/** All bounds make one rule, which the first of them constructs. */
function rangeRule(constructor: (kind: string) => string): RuleCompiler {
  return (rule) => {
    const { name, kind, rules, scope } = rule;
    refuseNaN(rule);
    const present = setRules(rules).filter((other) => bounds.includes(other));
    if (present[0] !== name) {
      return [];
    }
    refuseEmptyRange(rules, scope);
    const options = present.map((bound) => `${bound}: ${literal(ruleOf(rules, bound))}`);
    return [`v.${constructor(kind)}{ ${options.join(", ")} })`];
  };
}

function refuseEmptyRange(rules: ReflectMessage, scope: RulesScope): void {
  const low = ruleOf(rules, "gt") ?? ruleOf(rules, "gte");
  const high = ruleOf(rules, "lt") ?? ruleOf(rules, "lte");
  const closed = ruleOf(rules, "gte") !== undefined && ruleOf(rules, "lte") !== undefined;
  if (low !== undefined && high !== undefined && literal(low) === literal(high) && !closed) {
    scope.report(`no value lies between ${literal(low)} and itself`, "move one of the bounds, or write const");
  }
}

function refuseNaN({ name, value, scope }: RuleInput): void {
  const values: readonly unknown[] = isReflectList(value) ? [...value] : [value];
  if (values.some((one) => Number.isNaN(one))) {
    scope.report(`${name} is NaN, which equals nothing`, "write a number");
  }
}

/** Timestamps are Dates once ts-proto has read them, and Dates know no time below a millisecond. */
function exact(compile: RuleCompiler): RuleCompiler {
  return (rule) => {
    const { name, value, scope } = rule;
    if (!isReflectMessage(value) || value.desc.typeName !== "google.protobuf.Timestamp") {
      return compile(rule);
    }
    const { seconds, nanos } = timeOf(value);
    if (nanos % 1_000_000 !== 0) {
      scope.report(`${name} has a fraction of a millisecond`, "write nanos as a multiple of 1000000");
    }
    if (Number.isNaN(new Date(Number(seconds) * 1_000).getTime())) {
      scope.report(`${name} is beyond what a Date can hold`, "write a time in the years 1 to 9999");
      return [];
    }
    return compile(rule);
  };
}

type RuleTable = Readonly<Record<string, RuleCompiler>>;

const plain: RuleTable = { const: ofKind("constant"), in: ofKind("isIn"), not_in: ofKind("isNotIn") };
const numeric: RuleTable = {
  ...plain,
  ...Object.fromEntries(bounds.map((name) => [name, rangeRule((kind) => `range(${JSON.stringify(kind)}, `)])),
  finite: flag(({ kind }) => `v.finite(${JSON.stringify(kind)})`),
};
const timestampRange = exact(rangeRule(() => "timestampRange("));
const durationRange = rangeRule(() => "durationRange(");
const textFormat = flag(({ name }) => `...v.format(${JSON.stringify(name)})`);
const bytesFormat = flag(({ name }) => `...v.bytesFormat(${JSON.stringify(name)})`);

const tables: Readonly<Record<string, RuleTable>> = {
  bool: plain,
  string: {
    ...plain,
    len: counting("len"),
    min_len: counting("minLen"),
    max_len: counting("maxLen"),
    len_bytes: counting("lenBytes"),
    min_bytes: counting("minBytes"),
    max_bytes: counting("maxBytes"),
    pattern: patternRule("pattern"),
    prefix: call("prefix"),
    suffix: call("suffix"),
    contains: call("contains"),
    not_contains: call("notContains"),
    ...Object.fromEntries(
      ["email", "hostname", "ip", "ipv4", "ipv6", "uri", "uri_ref", "address", "uuid", "tuuid"].map((name) => [
        name,
        textFormat,
      ]),
    ),
  },
  bytes: {
    const: call("bytesConst"),
    len: counting("bytesLen"),
    min_len: counting("bytesMinLen"),
    max_len: counting("bytesMaxLen"),
    pattern: patternRule("bytesPattern"),
    prefix: call("bytesPrefix"),
    suffix: call("bytesSuffix"),
    contains: call("bytesContains"),
    in: call("bytesIn"),
    not_in: call("bytesNotIn"),
    ip: bytesFormat,
    ipv4: bytesFormat,
    ipv6: bytesFormat,
    uuid: bytesFormat,
  },
  enum: { ...plain, defined_only: flag(({ scope }) => `v.definedOnly([${numbersOf(scope).join(", ")}])`) },
  repeated: {
    min_items: counting("minItems"),
    max_items: counting("maxItems"),
    unique: flag(({ scope }) => {
      if (scope.field.message !== undefined) {
        scope.report("items that are messages cannot be unique", "leave unique out");
      }
      return "v.unique()";
    }),
    items: () => [],
  },
  map: { min_pairs: counting("minPairs"), max_pairs: counting("maxPairs"), keys: () => [], values: () => [] },
  timestamp: {
    const: exact(call("timestampConst")),
    ...Object.fromEntries(bounds.map((name) => [name, timestampRange])),
    lt_now: flag(() => "v.ltNow()"),
    gt_now: flag(() => "v.gtNow()"),
    within: call("within"),
  },
  duration: {
    const: call("durationConst"),
    ...Object.fromEntries(bounds.map((name) => [name, durationRange])),
    in: call("durationIn"),
    not_in: call("durationNotIn"),
  },
};

function numbersOf({ field }: RulesScope): readonly number[] {
  return [...new Set(field.enum?.values.map(({ number }) => number))];
}

/** Pairs of rules of which the first must not be above the second. */
const ordered: readonly (readonly [string, string])[] = [
  ["min_len", "max_len"],
  ["min_bytes", "max_bytes"],
  ["min_items", "max_items"],
  ["min_pairs", "max_pairs"],
];

/** The expressions that construct the rules for a value's type, in the order in which protovalidate looks at them. */
export function compileTypedRules(scope: RulesScope): readonly string[] {
  const { typed } = scope.rules;
  if (typed === undefined) {
    return [];
  }
  const { name: kind, rules } = typed;
  refuseDisorder(rules, scope);
  const table = tables[kind] ?? numeric;
  return setRules(rules).flatMap((name) => {
    const compile = table[name];
    if (compile === undefined) {
      scope.report(`${kind}.${name} is not supported`, `write one of ${Object.keys(table).join(", ")}`);
      return [];
    }
    return compile({ kind, name, value: ruleOf(rules, name), rules, scope });
  });
}

function refuseDisorder(rules: ReflectMessage, scope: RulesScope): void {
  for (const [lower, upper] of ordered) {
    const low = ruleOf(rules, lower);
    const high = ruleOf(rules, upper);
    if (typeof low === "bigint" && typeof high === "bigint" && low > high) {
      scope.report(
        `${lower} ${String(low)} is above ${upper} ${String(high)}`,
        `write a ${upper} of at least ${String(low)}`,
      );
    }
  }
}
