import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { RuleChange } from "./rule-change.js";

/** Lets changes pass for a time that would otherwise fail. */
export interface Exception {
  /** The full name of a package, a service, a message or anything inside one; it counts for all that is inside. */
  readonly scope: string;
  /** The one rule that it counts for, such as `string.max_len`. Without one it counts for all. */
  readonly rule?: string;
  /** Why the change may pass. */
  readonly reason: string;
  /** The last day that it counts, such as `2030-12-31`, by UTC. */
  readonly expires: string;
}

/**
 * Reads the list of exceptions. Where there is no file there are none.
 *
 * @throws Error that names the exception and what is wrong with it.
 */
export async function readExceptions(path: string): Promise<readonly Exception[]> {
  if (!existsSync(path)) {
    return [];
  }
  const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
  const list = isRecord(parsed) ? parsed["exceptions"] : undefined;
  if (!Array.isArray(list)) {
    throw new Error(`${path} has no list "exceptions"; write {"exceptions": []}`);
  }
  return list.map((entry: unknown, index) => parseException(entry, `${path}: exceptions[${index}]`));
}

/** Whether an exception is for this change. */
export function isFor({ scope, rule }: Exception, change: RuleChange): boolean {
  const inScope = change.scope === scope || change.scope.startsWith(`${scope}.`);
  return inScope && (rule === undefined || rule === change.rule);
}

/** Whether an exception no longer counts. */
export function isExpired({ expires }: Exception, now: Date): boolean {
  return now.toISOString().slice(0, 10) > expires;
}

const names = ["scope", "reason", "expires", "rule"];

function parseException(entry: unknown, place: string): Exception {
  if (!isRecord(entry)) {
    throw new Error(`${place} is not an object; write {"scope": ..., "reason": ..., "expires": ...}`);
  }
  const unknown = Object.keys(entry).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`${place} has an unknown field ${JSON.stringify(unknown)}; the fields are ${names.join(", ")}`);
  }
  const exception = { scope: textOf(entry, "scope", place), reason: textOf(entry, "reason", place) };
  const expires = textOf(entry, "expires", place);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(expires) || Number.isNaN(Date.parse(expires))) {
    throw new Error(`${place}.expires is ${JSON.stringify(expires)}; write a day such as "2030-12-31"`);
  }
  return { ...exception, expires, ...("rule" in entry ? { rule: textOf(entry, "rule", place) } : {}) };
}

function textOf(entry: Readonly<Record<string, unknown>>, name: string, place: string): string {
  const value = entry[name];
  if (typeof value !== "string" || value.trim() === "") {
    throw new Error(`${place}.${name} is ${value === undefined ? "missing" : JSON.stringify(value)}; write some text`);
  }
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
