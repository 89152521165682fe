import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { repositoryRoot } from "@rollcall/tool-command";
import { buildProtos } from "../compile-text.fixture.js";
import { compileRequest } from "../plugin.js";
import { generateSchemas } from "./generate-schemas.js";

const timeoutMs = 60_000;
const declarations = "buf/validate/validate.proto";

const user = `syntax = "proto3";
package foreign;
import "buf/validate/validate.proto";
import "foreign/other.proto";
message User {
  string a = 1 [(buf.validate.field).cel_expression = "this != ''"];
  string b = 2 [(buf.validate.field).string.ulid = true];
  foreign.Other c = 3;
  foreign.Free d = 4;
}
service UserService {
  rpc Find(foreign.Other) returns (User);
  rpc Free(foreign.Free) returns (User);
}
`;

const other = `syntax = "proto3";
package foreign;
import "buf/validate/validate.proto";
message Other { string id = 1 [(buf.validate.field).string.min_len = 1]; }
message Free { string id = 1; }
`;

/** The plugin's answer for a proto that uses more of the standard than we support, and a file that is only imported. */
async function compile(): Promise<string> {
  const own = await readFile(join(repositoryRoot, "proto", declarations), "utf8");
  const standard = own
    .replace("message FieldRules {", "message FieldRules {\n  repeated string cel_expression = 29;")
    .replace("bool uuid = 22;", "bool uuid = 22;\n    bool ulid = 35;");
  const protos = { [declarations]: standard, "foreign/user.proto": user, "foreign/other.proto": other };
  const { file: protoFile } = await buildProtos(protos);
  const request = create(CodeGeneratorRequestSchema, { fileToGenerate: ["foreign/user.proto"], protoFile });
  return (await compileRequest(request, [generateSchemas])).error;
}

describe("a proto that uses what is not supported", () => {
  let said: readonly string[];

  beforeAll(async () => {
    said = (await compile()).split("\n");
  }, timeoutMs);

  test.each([
    [6, "a", "cel_expression is not supported; write one of the rules that proto/buf/validate/validate.proto declares"],
    [7, "b", "string.ulid is not supported; write one of const, in, not_in, len,"],
    [8, "c", "foreign.Other has rules and is not compiled along; give Buf foreign/other.proto as well"],
  ])("is told of line %i", (line, field, problem) => {
    expect(said.find((text) => text.startsWith(`foreign/user.proto:${line}:`))).toContain(
      `foreign.User.${field}: ${problem}`,
    );
  });

  test("is told of a method whose requests have rules that are not compiled along", () => {
    expect(said.find((text) => text.startsWith("foreign/user.proto:12:"))).toContain(
      "foreign.UserService.Find: foreign.Other has rules and is not compiled along; give Buf foreign/other.proto as well",
    );
  });

  test("is told of nothing else", () => {
    expect(said).toHaveLength(4);
  });
});
