import type { DeclaredRule } from "./declared-rules.js";

/** What the parts of a list or a map are called. */
const parts: Readonly<Record<string, string>> = { items: "each item", keys: "each key", values: "each value" };

/** What a length is counted in, by the type that the rule is for. */
const units: Readonly<Record<string, string>> = {
  string: "characters",
  bytes: "bytes",
  repeated: "items",
  map: "entries",
};

const singular: Readonly<Record<string, string>> = {
  characters: "character",
  bytes: "byte",
  items: "item",
  entries: "entry",
};

/** How rules with a value read; `#` stands for the value. Others read as their name and value. */
const phrases: Readonly<Record<string, string>> = {
  const: "exactly #",
  in: "one of #",
  not_in: "not #",
  lt: "below #",
  lte: "at most #",
  gt: "above #",
  gte: "at least #",
  pattern: "matches #",
  prefix: "begins with #",
  suffix: "ends with #",
  contains: "contains #",
  not_contains: "does not contain #",
  within: "within # of now",
};

/** How rules read that are switched on. Others read as their name. */
const switches: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  hostname: "a host name",
  ip: "an IP address",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  uri: "a URI",
  uri_ref: "a URI or a reference",
  address: "a host name or an IP address",
  uuid: "a UUID",
  tuuid: "a UUID without hyphens",
  unique: "no item twice",
  defined_only: "a value that the enum has",
  finite: "a finite number",
  lt_now: "in the past",
  gt_now: "in the future",
};

const ignored: Readonly<Record<string, string>> = {
  IGNORE_IF_ZERO_VALUE: "may be left empty",
  IGNORE_ALWAYS: "not checked",
};

/** Says in words what rules demand: `1 to 200 characters; matches ...`. Empty when there are none. */
export function describeRules(rules: readonly DeclaredRule[]): string {
  const own = rules.filter(({ path }) => partOf(path) === undefined);
  const nested = Object.entries(parts).flatMap(([part, name]) => {
    const inner = rules
      .filter(({ path }) => partOf(path) === part)
      .map(({ path, values }) => ({ path: path.slice(2), values }));
    return inner.length === 0 ? [] : [`${name}: ${describeRules(inner).replaceAll("; ", ", ")}`];
  });
  return [...describeLengths(own), ...own.flatMap(describeRule), ...nested].join("; ");
}

/** `items`, `keys` or `values` when the rule is for the parts of a list or a map. */
function partOf(path: readonly string[]): string | undefined {
  const [, second] = path;
  return path.length > 2 && second !== undefined && second in parts ? second : undefined;
}

const lengthRule = /^(?:(?:min|max)_(?:len|items|pairs|bytes)|len|len_bytes)$/;

/** Rules on length read together: `1 to 200 characters`. */
function describeLengths(rules: readonly DeclaredRule[]): readonly string[] {
  const lengths = rules.filter(({ path }) => lengthRule.test(nameOf(path)));
  const counted = new Set(lengths.map(({ path }) => unitOf(path)));
  return [...counted].map((unit) => {
    const found = lengths.filter(({ path }) => unitOf(path) === unit);
    const bound = (kind: string) => found.find(({ path }) => nameOf(path).startsWith(kind))?.values[0]?.text;
    const range = describeRange(bound("len"), bound("min"), bound("max"));
    return `${range} ${range.endsWith(" 1") ? (singular[unit] ?? unit) : unit}`;
  });
}

function describeRange(exact: string | undefined, least: string | undefined, most: string | undefined): string {
  if (exact !== undefined || least === most) {
    return `exactly ${exact ?? least ?? ""}`;
  }
  if (least === undefined || most === undefined) {
    return least === undefined ? `at most ${most ?? ""}` : `at least ${least}`;
  }
  return `${least} to ${most}`;
}

function unitOf(path: readonly string[]): string {
  return nameOf(path).endsWith("bytes") ? "bytes" : (units[path.at(-2) ?? ""] ?? "");
}

function nameOf(path: readonly string[]): string {
  return path.at(-1) ?? "";
}

function describeRule({ path, values }: DeclaredRule): readonly string[] {
  const name = nameOf(path);
  const texts = values.map(({ text }) => text);
  if (lengthRule.test(name)) {
    return [];
  }
  if (name === "ignore") {
    return texts.flatMap((text) => ignored[text] ?? []);
  }
  const phrase = phrases[name];
  if (phrase !== undefined) {
    return [phrase.replace("#", () => texts.map((text) => `\`${text}\``).join(", "))];
  }
  return [texts.join() === "true" ? (switches[name] ?? name) : `${name} ${texts.join(", ")}`];
}
