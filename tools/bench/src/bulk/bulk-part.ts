import type { PartOptions, PartResult } from "../part.js";
import { interleave } from "../interleave.js";
import { bulkReport } from "./bulk-report.js";
import { measureBulk } from "./bulk-workload.js";
import { bare, product, type Variant } from "./variant.js";

/** Users created and listed in bulk, on the product as `npm start` runs it. */
export async function bulkPart({ quick }: PartOptions): Promise<PartResult> {
  const users = quick ? 20_000 : 100_000;
  const measured = await interleave(variants(process.env["ROLLCALL_BENCH_DATABASE_URL"]), quick ? 1 : 6, (variant) =>
    measureBulk(variant, users),
  );
  const title = `${users.toLocaleString("en")} users, created by calls of 10,000 and listed in one stream`;
  const markdown = `In parentheses the ratio to the last line.\n\n${bulkReport(measured)}`;
  return { title, markdown, data: { measured } };
}

function variants(databaseUrl: string | undefined): readonly Variant[] {
  return [
    product("Rollcall on SQLite"),
    ...(databaseUrl === undefined ? [] : [product("Rollcall on PostgreSQL", databaseUrl)]),
    bare,
  ];
}
