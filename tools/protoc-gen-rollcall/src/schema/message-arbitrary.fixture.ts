import { create, ScalarType } from "@bufbuild/protobuf";
import type { DescField, DescMessage, DescOneof, Message } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import fc from "fast-check";

const maxDepth = 3;

/** Texts near to what some rule is about. */
const texts = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "ab",
    "abc",
    "abyz",
    "abmnyz",
    "seven",
    "mn",
    "é",
    "ab😀",
    "😀😀😀😀",
    "a b",
    "axb\tq",
    "a\nb q",
  ),
  fc.constantFrom("axb\u00a0q", "a\u2028b q", "axb q\n", "12", "ab\u0000", "\\", "\uFFFD", "caf\u00e9"),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.string({ unit: fc.constantFrom(...Array.from("abmnyz01é😀 ")), maxLength: 6 }),
);

const formatted = fc.oneof(
  fc.emailAddress(),
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.uuid(),
  fc.uuid().map((text) => text.replaceAll("-", "")),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.constantFrom(
    "fe80::1%eth0",
    "::1",
    "::",
    "1::",
    "1:2:3:4:5:6:7::",
    "::ffff:192.0.2.1",
    "1::2::3",
    ":1",
    "1:",
    "%",
  ),
  fc.constantFrom("::1.2.3.4%eth0", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "::01.2.3.4", "a@b", "a@-b", "::%"),
  fc.constantFrom(
    "a".repeat(64),
    "b.".repeat(127),
    `${"a".repeat(63)}.com`,
    "a.1",
    "1.a",
    "a..b",
    "a-",
    "a.",
    ".",
    "A-1.b.",
  ),
  fc.constantFrom(
    "http://[::1]:80/",
    "http://[::1",
    "http://[v1.a]/",
    "urn:a:b",
    "//a/b",
    "a:b",
    "./a:b",
    "a?b#c#d",
    "x:",
  ),
  fc.constantFrom(
    "http://a@b@c/",
    "http://%zz/",
    "http://%ff/",
    "http://[fe80::1%25eth0]/",
    "http://a:b/",
    "?",
    "#",
    "1:b",
  ),
  fc.constantFrom(
    "http:///a",
    "http://a:1:2",
    "http://[::1]a",
    "http://[]",
    "///",
    "a//b",
    "//",
    "x://",
    "x:/",
    "x://a:",
    "%41",
  ),
);

/** A text that lost, gained or changed a character, so that it is just about valid, or just about not. */
const mutated = fc
  .tuple(formatted, fc.nat(60), fc.constantFrom("", ...Array.from("a0.:-/@%[]?# é")))
  .map(([text, at, piece]) => text.slice(0, at) + piece + text.slice(at + 1));

/** Addresses put together of their parts, in no order. */
const assembled = fc
  .array(
    fc.constantFrom(
      ...["a", "b-c", "1", "0", "ffff", "255", "1.2.3.4", "::1", "v1.a", "http", "%41", "%ff", "%25", "é"],
      ...[":", "::", ".", "-", "/", "//", "?", "#", "@", "[", "]", "%", " "],
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(""));

const anyText = fc.oneof(texts, formatted, mutated, assembled);

const small = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
const int32 = fc.oneof({ weight: 4, arbitrary: small }, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
const uint32 = fc.oneof({ weight: 4, arbitrary: small }, fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const int64 = fc.oneof(
  { weight: 4, arbitrary: small.map(BigInt) },
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const uint64 = fc.oneof({ weight: 4, arbitrary: small.map(BigInt) }, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const double = fc.oneof(
  { weight: 3, arbitrary: small },
  fc.constantFrom(NaN, Infinity, -Infinity, -0, 0.1, 6.5, -1, 1e300),
  fc.double(),
);
const float = fc.oneof(small, fc.constantFrom(NaN, Infinity, -Infinity, -0, Math.fround(0.1), 6.5), fc.float());

const bytes = fc.oneof(
  texts.map((text) => new TextEncoder().encode(text)),
  fc.constantFrom(0, 3, 4, 5, 15, 16, 17).map((length) => new Uint8Array(length)),
);

function scalar(type: ScalarType): fc.Arbitrary<unknown> {
  switch (type) {
    case ScalarType.STRING:
      return anyText;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return bytes;
    case ScalarType.DOUBLE:
      return double;
    case ScalarType.FLOAT:
      return float;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return int32;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return uint32;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return int64;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return uint64;
  }
}

/** Timestamps are whole milliseconds, which is all that a Date can tell apart, and none is within minutes of now. */
function timestamp(nowMs: number): fc.Arbitrary<{ readonly seconds: bigint; readonly nanos: number }> {
  const now = Math.floor(nowMs / 1_000);
  const minutes = [-120, -50, 50, 120].map((distance) => now + distance * 60);
  return fc.record({
    seconds: fc.constantFrom(-1, 0, 999, 1_000, 1_001, 1_500, 1_999, 2_000, 2_001, ...minutes).map(BigInt),
    nanos: fc.constantFrom(0, 500_000_000, 1_000_000),
  });
}

const duration = fc
  .record({
    seconds: fc.constantFrom(0, 1, 9, 10, 11, 15, 20, 21),
    nanos: fc.constantFrom(0, 5, 6, 7),
    negative: fc.boolean(),
  })
  .map(({ seconds, nanos, negative }) => ({
    seconds: BigInt(negative ? -seconds : seconds),
    nanos: negative ? -nanos : nanos,
  }));

/** Random messages of a type: every field set, unset and at its bounds, valid and not. */
export function messageOf(type: DescMessage, nowMs: number, depth = 0): fc.Arbitrary<Message> {
  switch (type.typeName) {
    case "google.protobuf.Timestamp":
      return timestamp(nowMs).map((time) => create(type, time));
    case "google.protobuf.Duration":
      return duration.map((span) => create(type, span));
    default: {
      const members = type.members.map((member) => memberValue(member, nowMs, depth));
      return fc.tuple(...members).map((entries) => create(type, Object.fromEntries(entries.flat())));
    }
  }
}

/** No entry, or the one by which `create` is told the value of a member. */
type Entries = readonly (readonly [string, unknown])[];

function memberValue(member: DescField | DescOneof, nowMs: number, depth: number): fc.Arbitrary<Entries> {
  if (member.kind === "oneof") {
    const fields = member.fields.filter(({ message }) => message === undefined || depth < maxDepth);
    const cases = fields.map((field) =>
      fieldValue(field, nowMs, depth).map((value): Entries => [[member.localName, { case: field.localName, value }]]),
    );
    return fc.oneof(fc.constant([]), ...cases);
  }
  if (member.message !== undefined && depth >= maxDepth) {
    return fc.constant([]);
  }
  const set = fieldValue(member, nowMs, depth).map((value): Entries => [[member.localName, value]]);
  return fc.oneof(fc.constant([]), set, set, set);
}

function fieldValue(field: DescField, nowMs: number, depth: number): fc.Arbitrary<unknown> {
  const value = singleValue(field, nowMs, depth);
  switch (field.fieldKind) {
    case "list":
      return fc.array(value, { maxLength: 4 });
    case "map": {
      const key = scalar(field.mapKey).map(String);
      // ts-proto loses the entry whose key is the name of an object's prototype.
      const entries = fc.array(fc.tuple(key, value), { maxLength: 3 });
      return entries.map((pairs) => Object.fromEntries(pairs.filter(([name]) => name !== "__proto__")));
    }
    default:
      return value;
  }
}

function singleValue({ scalar: type, enum: enumeration, message }: DescField, nowMs: number, depth: number) {
  if (message !== undefined) {
    const wrapped = isWrapperDesc(message) ? message.fields[0].scalar : undefined;
    return wrapped === undefined ? wellKnownOr(message, nowMs, depth) : scalar(wrapped);
  }
  return enumeration === undefined ? scalar(type) : fc.constantFrom(0, 1, 2, 5, -1, 77);
}

function wellKnownOr(message: DescMessage, nowMs: number, depth: number): fc.Arbitrary<unknown> {
  return message.typeName === "google.protobuf.Struct"
    ? fc.constant({ key: "value" })
    : messageOf(message, nowMs, depth + 1);
}
