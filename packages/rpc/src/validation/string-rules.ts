import { isEmail } from "./formats/email.js";
import { isHostname } from "./formats/hostname.js";
import { isIp, isIpv4, isIpv6 } from "./formats/ip.js";
import { isUri, isUriReference } from "./formats/uri.js";
import { characterCount, utf8Length } from "./text-length.js";
import { mustMatch } from "./must-match.js";
import type { Rule } from "./rule.js";

type TextRule = Rule<string>;

/** Exactly this many characters, counted as code points. */
export function len(characters: number): TextRule {
  return {
    ruleId: "string.len",
    message: `must have ${count(characters, "character")}`,
    test: (value) => value.length >= characters && characterCount(value) === characters,
  };
}

/** At least this many characters, counted as code points. */
export function minLen(characters: number): TextRule {
  return {
    ruleId: "string.min_len",
    message: characters === 1 ? "must not be empty" : `must have at least ${count(characters, "character")}`,
    // A character takes one or two UTF-16 units, so most texts need no counting.
    test: (value) =>
      value.length >= 2 * characters || (value.length >= characters && characterCount(value) >= characters),
  };
}

/** At most this many characters, counted as code points. */
export function maxLen(characters: number): TextRule {
  return {
    ruleId: "string.max_len",
    message: `must have at most ${count(characters, "character")}`,
    test: (value) =>
      value.length <= characters || (value.length <= 2 * characters && characterCount(value) <= characters),
  };
}

/** Exactly this many bytes in UTF-8. */
export function lenBytes(bytes: number): TextRule {
  return {
    ruleId: "string.len_bytes",
    message: `must have ${count(bytes, "byte")} in UTF-8`,
    test: (value) => value.length <= bytes && utf8Length(value) === bytes,
  };
}

/** At least this many bytes in UTF-8. */
export function minBytes(bytes: number): TextRule {
  return {
    ruleId: "string.min_bytes",
    message: `must have at least ${count(bytes, "byte")} in UTF-8`,
    test: (value) => value.length >= bytes || utf8Length(value) >= bytes,
  };
}

/** At most this many bytes in UTF-8. */
export function maxBytes(bytes: number): TextRule {
  return {
    ruleId: "string.max_bytes",
    message: `must have at most ${count(bytes, "byte")} in UTF-8`,
    test: (value) => value.length <= bytes && (3 * value.length <= bytes || utf8Length(value) <= bytes),
  };
}

/** Text in which the expression finds a match. Anchor it to match all of the text. */
export function pattern(expression: RegExp): TextRule {
  return {
    ruleId: "string.pattern",
    message: mustMatch(expression),
    test: (value) => expression.test(value),
  };
}

/** Text that begins so. */
export function prefix(text: string): TextRule {
  return {
    ruleId: "string.prefix",
    message: `must begin with ${JSON.stringify(text)}`,
    test: (value) => value.startsWith(text),
  };
}

/** Text that ends so. */
export function suffix(text: string): TextRule {
  return {
    ruleId: "string.suffix",
    message: `must end with ${JSON.stringify(text)}`,
    test: (value) => value.endsWith(text),
  };
}

/** Text that has this within. */
export function contains(text: string): TextRule {
  return {
    ruleId: "string.contains",
    message: `must contain ${JSON.stringify(text)}`,
    test: (value) => value.includes(text),
  };
}

/** Text that does not have this within. */
export function notContains(text: string): TextRule {
  return {
    ruleId: "string.not_contains",
    message: `must not contain ${JSON.stringify(text)}`,
    test: (value) => !value.includes(text),
  };
}

const formats = {
  email: { test: isEmail, name: "a valid e-mail address" },
  hostname: { test: isHostname, name: "a valid host name" },
  ip: { test: isIp, name: "a valid IP address" },
  ipv4: { test: isIpv4, name: "a valid IPv4 address" },
  ipv6: { test: isIpv6, name: "a valid IPv6 address" },
  address: { test: (value: string) => isHostname(value) || isIp(value), name: "a valid host name or IP address" },
  uri: { test: isUri, name: "a valid URI" },
  uri_ref: { test: isUriReference, name: "a valid URI or relative reference" },
  uuid: {
    test: (value: string) => /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(value),
    name: "a valid UUID",
  },
  tuuid: { test: (value: string) => /^[0-9a-fA-F]{32}$/.test(value), name: "a valid UUID without dashes" },
} as const;

/** A format that {@link format} knows, named as in protovalidate's rules. */
export type TextFormat = keyof typeof formats;

/** Formats for which an empty text is a violation with an id of its own, and formats that accept one. */
const emptyIsValid: readonly TextFormat[] = ["uri_ref"];

/**
 * Text of a well-known format, exactly as protovalidate defines it. An empty text breaks a rule of its own, such as
 * `string.email_empty`; hence two rules.
 */
export function format(name: TextFormat): readonly TextRule[] {
  const { test, name: noun } = formats[name];
  const message = `must be ${noun}`;
  const ruleId = `string.${name}`;
  if (emptyIsValid.includes(name)) {
    return [{ ruleId, message, test }];
  }
  return [
    { ruleId: `${ruleId}_empty`, message, test: (value) => value !== "" },
    { ruleId, message, test: (value) => value === "" || test(value) },
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
