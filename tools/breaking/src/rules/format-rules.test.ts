import { describe, expect, test } from "@jest/globals";
import { areRulesKept, formatRules } from "./format-rules.js";

const none = { tightened: [], excepted: [], loosened: [], expired: [], unused: [], notCompared: [] };
const change = {
  kind: "tightened",
  scope: "user.v1.User.name",
  rule: "string.max_len",
  message: "was 200 and is 100",
} as const;
const exception = { scope: "user.v1.User", reason: "nobody noticed", expires: "2030-12-31" };

describe("formatRules", () => {
  test("says in one line that nothing changed", () => {
    expect(formatRules(none)).toEqual(["gate 3, rules, policies and errors: passed"]);
  });

  test("names what tightened, and what to do", () => {
    const [verdict, first, ...advice] = formatRules({ ...none, tightened: [change] });
    expect(verdict).toBe(
      "gate 3, rules, policies and errors: failed, callers built against the last release would notice",
    );
    expect(first).toBe("  tightened: user.v1.User.name: string.max_len was 200 and is 100");
    expect(advice.join("\n")).toContain("proto/breaking-exceptions.json");
  });

  test.each([
    [
      "an exception that counts",
      { excepted: [{ change, exception }] },
      "tightened, let pass: user.v1.User.name: string.max_len was 200 and is 100; nobody noticed (until 2030-12-31)",
      true,
    ],
    [
      "what loosened",
      { loosened: [{ ...change, kind: "loosened" as const }] },
      "loosened: user.v1.User.name: string.max_len was 200 and is 100",
      true,
    ],
    [
      "an exception that nothing needs",
      { unused: [exception] },
      "unused exception: user.v1.User, nobody noticed (until 2030-12-31); nothing needs it, remove it",
      true,
    ],
    [
      "an exception that has expired",
      { expired: [{ ...exception, rule: "required" }] },
      "expired exception: user.v1.User required, nobody noticed (until 2030-12-31); take the change back, or agree on a later day",
      false,
    ],
    [
      "what was not compared",
      { notCompared: ["policies"] },
      "not compared: policies; the last release declares none",
      true,
    ],
  ])("names %s", (_case, found, line, passes) => {
    const verdict = { ...none, ...found };
    expect(formatRules(verdict)[1]).toBe(`  ${line}`);
    expect(areRulesKept(verdict)).toBe(passes);
  });
});
