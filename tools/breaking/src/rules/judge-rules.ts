import { resolve } from "node:path";
import { errorOption, policyOption } from "@rollcall/tool-protoc-gen-rollcall";
import type { BreakingOptions } from "../breaking-changes.js";
import { compareErrors } from "./compare-errors.js";
import { comparePolicies } from "./compare-policies.js";
import { compareValidation } from "./compare-validation.js";
import { buildImage, readImage } from "./contract-image.js";
import type { Exception } from "./exceptions.js";
import { isExpired, isFor, readExceptions } from "./exceptions.js";
import type { RuleChange } from "./rule-change.js";

/** What changed in rules, policies and errors since an image was made. */
export interface RuleVerdict {
  /** What refuses or breaks callers, and no exception lets pass. Anything here fails the build. */
  readonly tightened: readonly RuleChange[];
  /** What an exception lets pass. */
  readonly excepted: readonly { readonly change: RuleChange; readonly exception: Exception }[];
  /** What only accepts or grants more. */
  readonly loosened: readonly RuleChange[];
  /** Exceptions whose last day is over. Anything here fails the build. */
  readonly expired: readonly Exception[];
  /** Exceptions that no change needs. */
  readonly unused: readonly Exception[];
  /** What the image says nothing about yet. */
  readonly notCompared: readonly string[];
}

/** Compares rules, policies and errors of the protos with those of an image, as of today. */
export async function judgeRules({ root, against, now = new Date() }: BreakingOptions): Promise<RuleVerdict> {
  const exceptions = await readExceptions(resolve(root, "proto/breaking-exceptions.json"));
  const [before, after] = await Promise.all([readImage(resolve(root, against)), buildImage(root)]);
  const comparable = comparisons.filter(({ option }) => before.getExtension(option) !== undefined);
  const changes = comparable.flatMap(({ compare }) => (after === undefined ? [] : compare(before, after)));
  const notCompared = comparisons
    .filter((comparison) => !comparable.includes(comparison))
    .map(({ subject }) => subject);
  return { ...applyExceptions(changes, exceptions, now), notCompared };
}

/** What is compared, and the option that says it: an image that does not know the option says nothing to compare with. */
const comparisons = [
  { subject: "validation rules", option: "buf.validate.field", compare: compareValidation },
  { subject: "policies", option: policyOption, compare: comparePolicies },
  { subject: "errors", option: errorOption, compare: compareErrors },
];

function applyExceptions(
  changes: readonly RuleChange[],
  exceptions: readonly Exception[],
  now: Date,
): Omit<RuleVerdict, "notCompared"> {
  const expired = exceptions.filter((exception) => isExpired(exception, now));
  const valid = exceptions.filter((exception) => !expired.includes(exception));
  const tightened = changes.filter(({ kind }) => kind === "tightened");
  const exceptionFor = (change: RuleChange) => valid.find((exception) => isFor(exception, change));
  return {
    tightened: tightened.filter((change) => exceptionFor(change) === undefined),
    excepted: tightened.flatMap((change) => {
      const exception = exceptionFor(change);
      return exception === undefined ? [] : [{ change, exception }];
    }),
    loosened: changes.filter(({ kind }) => kind === "loosened"),
    expired,
    unused: valid.filter((exception) => !tightened.some((change) => isFor(exception, change))),
  };
}
