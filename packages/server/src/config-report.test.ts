import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parseConfig, settingNames, variableOf } from "./config.js";
import { describeConfig, helpText } from "./config-report.js";

describe("describeConfig", () => {
  test("shows what is in force, without secrets", () => {
    const url = "postgres://me:s3cret-1@host/db?sslpassword=s3cret-2&password=s3cret-3";
    const text = describeConfig(parseConfig({ ROLLCALL_DATABASE_URL: url, ROLLCALL_LOG_LEVEL: "warn" }));
    expect(text).toContain("ROLLCALL_DATABASE_URL=postgres://me:***@host/db?");
    expect(text).toContain("ROLLCALL_LOG_LEVEL=warn\n");
    expect(text).toContain("ROLLCALL_GRPC_ADDRESS=127.0.0.1:50051\n");
    expect(text).not.toContain("s3cret");
  });

  test("has a line for every setting", () => {
    const variables = describeConfig(parseConfig({}))
      .trimEnd()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(variables).toEqual(settingNames.map(variableOf));
  });
});

describe("helpText", () => {
  test.each(settingNames)("says what %s is for", (name) => {
    expect(helpText()).toMatch(new RegExp(`^  ${variableOf(name)} +\\S+ \\S+`, "m"));
  });

  test("shows defaults", () => {
    expect(helpText()).toMatch(/ROLLCALL_SHUTDOWN_GRACE_MS +how long .* \(30000\)/);
    expect(helpText()).toMatch(/ROLLCALL_AUTH +whether .* \(required\)/);
  });
});

describe("the README", () => {
  test("lists every setting with its default, and no other", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| `(?<variable>ROLLCALL_\w+)` +\| (?:`(?<byDefault>[^`]*)`)? +\|/gm)];
    const documented = rows.map(({ groups }) => [groups?.["variable"], groups?.["byDefault"] ?? ""]);
    const defaults = parseConfig({});
    const inForce = settingNames.map((name) => [variableOf(name), String(defaults[name] ?? "")]);
    expect(documented.toSorted()).toEqual(inForce.toSorted());
  });
});
