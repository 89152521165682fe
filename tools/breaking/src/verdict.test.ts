import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTemporaryFolder, repositoryRoot, runCommand } from "@rollcall/tool-command";
import type { TemporaryFolder } from "@rollcall/tool-command";
import type { BreakingChange } from "./breaking-changes.js";
import { formatVerdict, judgeProtos } from "./verdict.js";

const timeoutMs = 30_000;
const messages = "proto/user/v1/user.proto";
const service = "proto/ping/v1/ping.proto";

describe("judgeProtos", () => {
  let released: TemporaryFolder;
  let against: string;

  beforeAll(async () => {
    released = await createTemporaryFolder();
    against = join(released.path, "released.binpb");
    await runCommand("buf", ["build", "--exclude-source-info", "--output", against]);
  }, timeoutMs);

  afterAll(async () => {
    await released[Symbol.asyncDispose]();
  });

  /** The verdict on the repository's protos with one piece of one file replaced. */
  async function judgeChange(file: string, from: string, to: string) {
    await using folder = await createTemporaryFolder();
    for (const name of ["proto", "buf.yaml"]) {
      await cp(join(repositoryRoot, name), join(folder.path, name), { recursive: true });
    }
    const path = join(folder.path, file);
    const text = await readFile(path, "utf8");
    expect(text).toContain(from);
    await writeFile(path, text.replace(from, to));
    return await judgeProtos({ root: folder.path, against });
  }

  const rules = (changes: readonly BreakingChange[]) => [...new Set(changes.map(({ rule }) => rule))].sort();

  const phone = "optional string phone = 8;";
  const banned = "USER_STATUS_BANNED = 3;";
  const echo = "rpc Echo(stream EchoRequest) returns (stream EchoResponse);";

  const cardinality = ["FIELD_SAME_CARDINALITY"];
  const renamed = ["FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"];
  const unreserved = ["FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"];
  const unreservedValue = ["ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED"];
  const wireType = "FIELD_WIRE_JSON_COMPATIBLE_TYPE";

  // What was changed, the file and the change; then the rules that gate 1 and gate 2 find broken.
  test.each([
    ["a field added", messages, phone, `${phone}\n  string note = 99;`, [], []],
    ["an RPC added", service, echo, `${echo}\n  rpc More(EchoRequest) returns (EchoResponse);`, [], []],
    ["a field deleted", messages, phone, "", unreserved, ["FIELD_NO_DELETE"]],
    ["a field deleted and reserved", messages, phone, 'reserved 8;\n  reserved "phone";', [], ["FIELD_NO_DELETE"]],
    [
      "a number reused",
      messages,
      phone,
      "optional bytes avatar = 8;",
      [...renamed, wireType],
      [...renamed, "FIELD_SAME_TYPE"],
    ],
    ["a type changed", messages, phone, "optional int64 phone = 8;", [wireType], ["FIELD_SAME_TYPE"]],
    ["a field no longer optional", messages, phone, "string phone = 8;", cardinality, cardinality],
    ["an RPC removed", service, echo, "", ["RPC_NO_DELETE"], ["RPC_NO_DELETE"]],
    ["an RPC renamed", service, echo, echo.replace("Echo(", "Talk("), ["RPC_NO_DELETE"], ["RPC_NO_DELETE"]],
    ["an enum value removed", messages, banned, "", unreservedValue, ["ENUM_VALUE_NO_DELETE"]],
  ])(
    "judges %s",
    async (_case, file, from, to, wire, source) => {
      const verdict = await judgeChange(file, from, to);
      expect({ wire: rules(verdict.wire), source: rules(verdict.source) }).toEqual({ wire, source });
    },
    timeoutMs,
  );

  test(
    "fails protos that do not compile",
    async () => {
      const verdict = await judgeChange(messages, phone, "optional string phone;");
      expect(rules(verdict.wire)).toEqual(["COMPILE"]);
    },
    timeoutMs,
  );

  test("throws when there is no image to compare with", async () => {
    await expect(judgeProtos({ root: repositoryRoot, against: "absent.binpb" })).rejects.toThrow("absent.binpb");
  });
});

describe("formatVerdict", () => {
  const rules = { tightened: [], excepted: [], loosened: [], expired: [], unused: [], notCompared: [] };
  const change = { rule: "FIELD_NO_DELETE", path: messages, message: "Previously present field was deleted." };

  test("says that a compatible change passes and may be a minor release", () => {
    expect(formatVerdict({ wire: [], source: [], rules })).toBe(
      [
        "gate 1, callers of the service: passed, programs built against the last release go on working",
        "gate 2, users of the SDK: the next SDK release may be a minor one",
        "gate 3, rules, policies and errors: passed",
      ].join("\n"),
    );
  });

  test("names what breaks callers, and what to do instead", () => {
    const lines = formatVerdict({ wire: [change], source: [], rules }).split("\n");
    expect(lines[0]).toBe(
      "gate 1, callers of the service: failed, programs built against the last release would break",
    );
    expect(lines[1]).toBe(`  ${messages}: Previously present field was deleted. (FIELD_NO_DELETE)`);
    expect(lines[3]).toContain("its number and its name are reserved");
  });

  test("names what makes the next release of the SDK a major one", () => {
    const text = formatVerdict({ wire: [], source: [{ ...change, path: "" }], rules });
    expect(text).toContain(
      "the next SDK release must be a major one:\n  Previously present field was deleted. (FIELD_NO",
    );
  });
});
