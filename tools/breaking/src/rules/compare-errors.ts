import type { DescEnum, FileRegistry } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { readError, readErrorDomain } from "@rollcall/tool-protoc-gen-rollcall";
import type { DeclaredError } from "@rollcall/tool-protoc-gen-rollcall";
import type { ChangeOfRule, RuleChange } from "./rule-change.js";

/** Lists what changed in the errors that there were before: programs go by their reason, code and metadata. */
export function compareErrors(before: FileRegistry, after: FileRegistry): readonly RuleChange[] {
  return listEnums(before).flatMap((old) => {
    const errors = old.values.flatMap((value) => readError(value, before) ?? []);
    const now = after.getEnum(old.typeName);
    const changes = errors.flatMap((error) => {
      const value = now?.values.find(({ number }) => number === error.value.number);
      const found = value === undefined ? undefined : readError(value, after);
      const scope = `${old.typeName}.${error.value.name}`;
      return compareError(error, found).map((change) => ({ ...change, scope }));
    });
    return [...changes, ...compareDomains(old, before, now, after)];
  });
}

function listEnums(registry: FileRegistry): readonly DescEnum[] {
  return [...registry.files].flatMap((file) => [...nestedTypes(file)].filter((type) => type.kind === "enum"));
}

function compareDomains(
  old: DescEnum,
  before: FileRegistry,
  now: DescEnum | undefined,
  after: FileRegistry,
): readonly RuleChange[] {
  const domain = readErrorDomain(old, before);
  const found = now === undefined ? undefined : readErrorDomain(now, after);
  const message = `was ${JSON.stringify(domain)} and is ${JSON.stringify(found ?? "")}`;
  return domain === undefined || domain === found
    ? []
    : [{ kind: "tightened", scope: old.typeName, rule: "errors.domain", message }];
}

function compareError(before: DeclaredError, after: DeclaredError | undefined): readonly ChangeOfRule[] {
  if (after === undefined) {
    return [tightened("error", `the reason ${before.reason} is gone`)];
  }
  const gone = before.metadataKeys.filter((key) => !after.metadataKeys.includes(key));
  const added = after.metadataKeys.filter((key) => !before.metadataKeys.includes(key));
  return [
    ...(before.reason === after.reason
      ? []
      : [tightened("error.reason", `was ${before.reason} and is ${after.reason}`)]),
    ...(before.code === after.code ? [] : [tightened("error.code", `was ${before.code} and is ${after.code}`)]),
    ...gone.map((key) => tightened("error.metadata_keys", `no longer has ${key}`)),
    ...added.map((key) =>
      tightened(
        "error.metadata_keys",
        `has new ${key}, which servers of the last release do not send; add another reason`,
      ),
    ),
  ];
}

function tightened(rule: string, message: string): ChangeOfRule {
  return { kind: "tightened", rule, message };
}
