import { describe, expect, test } from "@jest/globals";
import { repositoryRoot, runCommand } from "@rollcall/tool-command";
import { join } from "node:path";
import { generatePython, missingForPython, python } from "./generated-python.js";
import { startServerForOthers } from "./server-for-others.js";

const missing = await missingForPython();
const script = join(repositoryRoot, "tools", "acceptance", "src", "seven_calls.py");
const pythonTest = missing.length === 0 ? test : test.skip;
const protos = ["user/v1/user.proto", "user/v1/user_service.proto"];
// What our protos import and protoc does not bring along.
const options = [
  "buf/validate/validate.proto",
  "rollcall/policy/v1/error_policy.proto",
  "rollcall/policy/v1/method_policy.proto",
];
const modules = ["user.v1.user_pb2", "user.v1.user_service_pb2", "user.v1.user_service_pb2_grpc"];
const needs = missing.length === 0 ? "" : ` (needs ${missing.join(", ")})`;

describe("a Python client that protoc generated", () => {
  pythonTest.each([
    ["our protos", "proto", [...protos, ...options]],
    ["the part of the contract that may never change", join("tools", "acceptance", "frozen"), protos],
  ])(`makes all seven calls with %s${needs}`, async (_case, protoFolder, files) => {
    await using server = await startServerForOthers({ auth: "off" });
    await using generated = await generatePython(protoFolder, files);
    const { exitCode, output } = await runCommand(python, [script, server.address, ...modules], {
      env: { PYTHONPATH: generated.path },
    });
    expect({ exitCode, answers: parse(output) }).toEqual({
      exitCode: 0,
      answers: {
        created: ["Ada ☕", "ada@python.example", 1, true, false],
        same: true,
        renamed: ["Ada King", "ada@python.example"],
        many: [100, 100, false],
        listed: [101, true],
        page: Array.from({ length: 10 }, (_, index) => `Member ${index + 9}`),
        echoes: [
          ["ada", "one", true],
          ["ada", "two", true],
        ],
        gone: "NOT_FOUND",
        taken: "ALREADY_EXISTS",
        invalid: "INVALID_ARGUMENT",
      },
    });
  });
});

/** What the script printed, or its complaint as it is. */
function parse(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}
