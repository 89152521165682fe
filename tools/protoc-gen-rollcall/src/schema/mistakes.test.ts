import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";

const timeoutMs = 60_000;

/** The plugin as `buf.gen.yaml` runs it. */
const plugin = ["node", "--conditions=@rollcall/source", "--import", "tsx", "tools/protoc-gen-rollcall/src/main.ts"];
const template = { version: "v2", plugins: [{ local: plugin, out: "gen", strategy: "all" }] };

/** The type of a field, its rules, and what the plugin says about them. */
const mistakes: readonly (readonly [type: string, rules: string, said: string])[] = [
  ["int32", "string.min_len = 1", "rules of string are on int32; write rules of int32, such as int32.const"],
  ["string", "uint64.gt = 1", "rules of uint64 are on string; write rules of string, such as string.const"],
  ["Inner", "string.min_len = 1", "rules of string are on mistakes.Inner; put rules on the fields of the message"],
  ["Shade", "int32.gt = 1", "rules of int32 are on enum; write rules of enum, such as enum.const"],
  [
    "google.protobuf.Timestamp",
    "duration.gt = {}",
    "rules of duration are on timestamp; write rules of timestamp, such as timestamp.const",
  ],
  [
    "repeated string",
    "string.min_len = 1",
    "rules of string are on a repeated field; write them within repeated.items",
  ],
  [
    "map<string, string>",
    "string.min_len = 1",
    "rules of string are on a map field; write them within map.keys or map.values",
  ],
  [
    "repeated string",
    "repeated.items.int32.gt = 1",
    "rules of int32 are on string; write rules of string, such as string.const",
  ],
  [
    "repeated string",
    "repeated.items.required = true",
    "items cannot be required, they are always there; write a rule that an empty value breaks",
  ],
  [
    "map<int32, string>",
    "map.keys.string.min_len = 1",
    "rules of string are on int32; write rules of int32, such as int32.const",
  ],
  ["string", "string = {min_len: 3, max_len: 2}", "min_len 3 is above max_len 2; write a max_len of at least 3"],
  [
    "string",
    "string = {min_bytes: 3, max_bytes: 2}",
    "min_bytes 3 is above max_bytes 2; write a max_bytes of at least 3",
  ],
  ["bytes", "bytes = {min_len: 3, max_len: 2}", "min_len 3 is above max_len 2; write a max_len of at least 3"],
  [
    "repeated int32",
    "repeated = {min_items: 3, max_items: 2}",
    "min_items 3 is above max_items 2; write a max_items of at least 3",
  ],
  [
    "map<string, string>",
    "map = {min_pairs: 3, max_pairs: 2}",
    "min_pairs 3 is above max_pairs 2; write a max_pairs of at least 3",
  ],
  ["int32", "int32 = {gt: 3, lt: 3}", "no value lies between 3 and itself; move one of the bounds, or write const"],
  ["double", "double.gt = nan", "gt is NaN, which equals nothing; write a number"],
  ["double", "double.in = nan", "in is NaN, which equals nothing; write a number"],
  [
    "string",
    "string.max_len = 18446744073709551615",
    "max_len is 18446744073709551615; write at most 9007199254740991",
  ],
  ["repeated Inner", "repeated.unique = true", "items that are messages cannot be unique; leave unique out"],
  [
    "google.protobuf.Timestamp",
    "timestamp.gt.nanos = 5",
    "gt has a fraction of a millisecond; write nanos as a multiple of 1000000",
  ],
  [
    "google.protobuf.Timestamp",
    "timestamp.gt.seconds = 9223372036854775807",
    "gt is beyond what a Date can hold; write a time in the years 1 to 9999",
  ],
  ["string", 'string.pattern = "a("', 'pattern "a(" is not an expression of RE2'],
  ["string", 'string.pattern = "(?=a)"', 'pattern "(?=a)" is not an expression of RE2'],
  ["string", 'string.pattern = "(a)\\\\1"', 'pattern "(a)\\\\1" is not an expression of RE2'],
  ["string", 'string.pattern = "(?i)a"', 'pattern "(?i)a" is not an expression of JavaScript'],
  ["string", 'string.pattern = "^(a+)+$"', 'pattern "^(a+)+$" may take exponential time; write it so that no text'],
  ["string", 'string.pattern = "^(a|a)*$"', 'pattern "^(a|a)*$" may take exponential time; write it so that no text'],
  ["string", 'string.pattern = "^(a|aa)+$"', 'pattern "^(a|aa)+$" may take exponential time; write it so that no text'],
  ["bytes", 'bytes.pattern = "^(a*)*$"', 'pattern "^(a*)*$" may take exponential time; write it so that no text'],
  [
    "string",
    'string.pattern = "a*b"',
    'pattern "a*b" may take the square of the text\'s length in time, or more; anchor it with ^, or bound the text with',
  ],
];

const oneof = "a field of a oneof cannot be required, it would forbid the others; write option (buf.validate.oneof).";

const head = [
  'syntax = "proto3";',
  "package mistakes;",
  'import "buf/validate/validate.proto";',
  'import "google/protobuf/timestamp.proto";',
  "message Inner {}",
  "enum Shade { SHADE_UNSPECIFIED = 0; }",
  "message Mistakes {",
  "  oneof choice { string chosen = 1000 [(buf.validate.field).required = true]; }",
  "  // These are in order.",
  '  string fine = 1001 [(buf.validate.field).string = {pattern: "a*b", max_len: 10}];',
];

function fieldOf([type, rules]: (typeof mistakes)[number], index: number): string {
  return `  ${type} field${index} = ${index + 1} [(buf.validate.field).${rules}];`;
}

/** Runs the plugin on a proto, and tells how Buf exits, what it prints and what it writes. */
async function generate(proto: string) {
  await using folder = await createTemporaryFolder();
  await cp(join(repositoryRoot, "proto/buf"), join(folder.path, "buf"), { recursive: true });
  await mkdir(join(folder.path, "mistakes"));
  await writeFile(join(folder.path, "mistakes/mistakes.proto"), proto);
  const path = join(folder.path, "mistakes");
  const out = join(folder.path, "out");
  const args = ["generate", folder.path, "--template", JSON.stringify(template), "--output", out, "--path", path];
  const { exitCode, output } = await runCommand("buf", args);
  return { exitCode, output, written: (await readdir(folder.path)).includes("out") };
}

describe("a proto with mistakes in its rules", () => {
  let result: Awaited<ReturnType<typeof generate>>;

  beforeAll(async () => {
    result = await generate([...head, ...mistakes.map(fieldOf), "}", ""].join("\n"));
  }, timeoutMs);

  test("writes nothing", () => {
    expect(result).toMatchObject({ exitCode: 1, written: false });
  });

  test.each(mistakes.map((mistake, index) => [fieldOf(mistake, index).trim(), index, mistake[2]] as const))(
    "is told of %s with its place and what to write instead",
    (_field, index, said) => {
      const line = head.length + index + 1;
      expect(result.output).toContain(`mistakes/mistakes.proto:${line}: mistakes.Mistakes.field${index}: ${said}`);
    },
  );

  test("is told of a field of a oneof that is required", () => {
    expect(result.output).toContain(`mistakes/mistakes.proto:8: mistakes.Mistakes.chosen: ${oneof}`);
  });

  test("is told of each mistake once, and of nothing else", () => {
    expect(result.output.match(/mistakes\.proto:/g)).toHaveLength(mistakes.length + 1);
  });
});

test(
  "a proto without mistakes is written",
  async () => {
    const proto = [...head.slice(0, 7), "  string id = 1;", "}", ""].join("\n");
    await expect(generate(proto)).resolves.toMatchObject({ exitCode: 0, written: true });
  },
  timeoutMs,
);
