import { mustMatch } from "./must-match.js";
import type { Rule } from "./rule.js";

type BytesRule = Rule<Uint8Array>;

/** Exactly these bytes. */
export function bytesConst(expected: Uint8Array): BytesRule {
  return bytesRule("const", `must be ${hex(expected)}`, (value) => equalBytes(value, expected));
}

/** Exactly this many bytes. */
export function bytesLen(length: number): BytesRule {
  return bytesRule("len", `must have ${length} bytes`, (value) => value.length === length);
}

/** At least this many bytes. */
export function bytesMinLen(length: number): BytesRule {
  return bytesRule("min_len", `must have at least ${length} bytes`, (value) => value.length >= length);
}

/** At most this many bytes. */
export function bytesMaxLen(length: number): BytesRule {
  return bytesRule("max_len", `must have at most ${length} bytes`, (value) => value.length <= length);
}

/** UTF-8 text in which the expression finds a match. Bytes that are not UTF-8 do not keep it. */
export function bytesPattern(expression: RegExp): BytesRule {
  return bytesRule("pattern", mustMatch(expression), (value) => {
    const text = decodeUtf8(value);
    return text !== undefined && expression.test(text);
  });
}

/** Bytes that begin so. */
export function bytesPrefix(start: Uint8Array): BytesRule {
  return bytesRule("prefix", `must begin with ${hex(start)}`, (value) => holdsAt(value, start, 0));
}

/** Bytes that end so. */
export function bytesSuffix(end: Uint8Array): BytesRule {
  return bytesRule("suffix", `must end with ${hex(end)}`, (value) => holdsAt(value, end, value.length - end.length));
}

/** Bytes that have these within. */
export function bytesContains(part: Uint8Array): BytesRule {
  return bytesRule("contains", `must contain ${hex(part)}`, (value) => {
    for (let start = 0; start + part.length <= value.length; start += 1) {
      if (holdsAt(value, part, start)) {
        return true;
      }
    }
    return false;
  });
}

/** One of these. */
export function bytesIn(values: readonly Uint8Array[]): BytesRule {
  return bytesRule("in", `must be one of ${values.map(hex).join(", ")}`, (value) => holdsBytes(values, value));
}

/** None of these. */
export function bytesNotIn(values: readonly Uint8Array[]): BytesRule {
  return bytesRule("not_in", `must not be one of ${values.map(hex).join(", ")}`, (value) => !holdsBytes(values, value));
}

const formats = {
  ip: { sizes: [4, 16], name: "an IP address" },
  ipv4: { sizes: [4], name: "an IPv4 address" },
  ipv6: { sizes: [16], name: "an IPv6 address" },
  uuid: { sizes: [16], name: "a UUID" },
} as const satisfies Record<string, { sizes: readonly number[]; name: string }>;

/** A format that {@link bytesFormat} knows, named as in protovalidate's rules. */
export type BytesFormat = keyof typeof formats;

/** Bytes of a well-known format. None at all break a rule of their own, such as `bytes.ip_empty`. */
export function bytesFormat(format: BytesFormat): readonly BytesRule[] {
  const sizes: readonly number[] = formats[format].sizes;
  const message = `must be the ${sizes.join(" or ")} bytes of ${formats[format].name}`;
  return [
    bytesRule(`${format}_empty`, message, (value) => value.length > 0),
    bytesRule(format, message, (value) => value.length === 0 || sizes.includes(value.length)),
  ];
}

/** Whether both are the same bytes. */
function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && holdsAt(one, other, 0);
}

function bytesRule(name: string, message: string, test: (value: Uint8Array) => boolean): BytesRule {
  return { ruleId: `bytes.${name}`, message, test };
}

function holdsAt(value: Uint8Array, part: Uint8Array, start: number): boolean {
  return (
    start >= 0 && start + part.length <= value.length && part.every((byte, index) => byte === value[start + index])
  );
}

function holdsBytes(values: readonly Uint8Array[], value: Uint8Array): boolean {
  return values.some((candidate) => equalBytes(candidate, value));
}

function decodeUtf8(value: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
