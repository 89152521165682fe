import type { DescField, DescMessage, DescOneof, FileRegistry } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { readRules } from "@rollcall/tool-protoc-gen-rollcall";
import type { DeclaredRule } from "@rollcall/tool-protoc-gen-rollcall";
import { compareRule } from "./compare-rule.js";
import { refusesAbsence } from "./refuses-absence.js";
import type { ChangeOfRule, RuleChange } from "./rule-change.js";

/** Lists what changed in the rules (`buf.validate`) on the fields and oneofs of messages that there were before. */
export function compareValidation(before: FileRegistry, after: FileRegistry): readonly RuleChange[] {
  return listMessages(after).flatMap((message) => {
    const old = before.getMessage(message.typeName);
    return old === undefined ? [] : compareMessage(old, before, message, after);
  });
}

function listMessages(registry: FileRegistry): readonly DescMessage[] {
  return [...registry.files].flatMap((file) => [...nestedTypes(file)].filter((type) => type.kind === "message"));
}

function compareMessage(
  old: DescMessage,
  before: FileRegistry,
  message: DescMessage,
  after: FileRegistry,
): readonly RuleChange[] {
  const elements = [...message.fields, ...message.oneofs];
  return elements.flatMap((element) => {
    const previous = findPrevious(old, element);
    const rules = readRules(element, after);
    const changes =
      previous === undefined ? judgeNew(element, rules) : compareRules(readRules(previous, before), rules);
    return changes.map((change) => ({ ...change, scope: `${message.typeName}.${element.name}` }));
  });
}

function findPrevious(old: DescMessage, element: DescField | DescOneof): DescField | DescOneof | undefined {
  return element.kind === "field"
    ? old.fields.find(({ number }) => number === element.number)
    : old.oneofs.find(({ name }) => name === element.name);
}

function compareRules(before: readonly DeclaredRule[], after: readonly DeclaredRule[]): readonly ChangeOfRule[] {
  const find = (rules: readonly DeclaredRule[], path: string) => rules.find((rule) => rule.path.join(".") === path);
  const paths = new Set([...before, ...after].map(({ path }) => path.join(".")));
  return [...paths].flatMap((path) => compareRule(path, find(before, path), find(after, path)));
}

/** Callers of the last release do not send a new field, so a rule on it must let them pass. */
function judgeNew(element: DescField | DescOneof, rules: readonly DeclaredRule[]): readonly ChangeOfRule[] {
  return rules
    .filter((rule) => refusesAbsence(element, rule, rules))
    .map(({ path }) => ({
      kind: "tightened",
      rule: path.join("."),
      message: "refuses requests without the new field, as callers of the last release send them",
    }));
}
