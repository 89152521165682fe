import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { measureValidation } from "@rollcall/tool-protoc-gen-rollcall/measure-validation";
import { repositoryRoot, runCommand } from "@rollcall/tool-command";
import { type BulkResult, measureBulk } from "./bulk-workload.js";
import { report } from "./report.js";
import { bare, product, type Variant } from "./variant.js";

const quick = process.argv.includes("--quick");
const rounds = quick ? 1 : 5;
const users = quick ? 20_000 : 100_000;
const databaseUrl = process.env["ROLLCALL_BENCH_DATABASE_URL"];

const variants: readonly Variant[] = [
  product("Rollcall on SQLite"),
  ...(databaseUrl === undefined ? [] : [product("Rollcall on PostgreSQL", databaseUrl)]),
  bare,
];

console.log("building the server");
const build = await runCommand("tsc", ["-b", "packages/server/tsconfig.lib.json"]);
if (build.exitCode !== 0) {
  console.error(build.output);
  process.exit(1);
}

const results = new Map<string, BulkResult[]>(variants.map(({ name }) => [name, []]));
for (let round = 1; round <= rounds; round++) {
  // Every other round runs backwards, so that a machine that slows down slows everybody down.
  for (const variant of round % 2 === 1 ? variants : variants.toReversed()) {
    console.log(`round ${round} of ${rounds}: ${users.toLocaleString("en")} users on ${variant.name}`);
    results.get(variant.name)?.push(await measureBulk(variant, users));
  }
}

console.log("checking a CreateUserRequest in three ways");
const { schemaNs, protovalidateNs, byHandNs } = await measureValidation();
const validation = [
  "| check of a CreateUserRequest | ns | ratio to the schema |",
  "| --- | --- | --- |",
  ...Object.entries({
    "generated schema": schemaNs,
    "@bufbuild/protovalidate": protovalidateNs,
    "by hand": byHandNs,
  }).map(([name, ns]) => `| ${name} | ${Math.round(ns)} | ${(ns / schemaNs).toFixed(1)} x |`),
].join("\n");

const measured = variants.map(({ name }) => ({ name, rounds: results.get(name) ?? [] }));
const table = report(measured);
const folder = join(repositoryRoot, ".rollcall", "bench");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "bulk.md"), `${table}\n`);
await writeFile(join(folder, "validation.md"), `${validation}\n`);
await writeFile(join(folder, "bulk.json"), `${JSON.stringify(measured, undefined, 2)}\n`);
console.log(
  `\n${users.toLocaleString("en")} users, created by calls of 10,000 and listed in one stream; in parentheses the ratio to the last line\n`,
);
console.log(table);
console.log(`\n${validation}`);
console.log(`\nwritten to ${folder}`);
