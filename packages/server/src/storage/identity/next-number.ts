import type { Kysely } from "kysely";
import type { Tables } from "../tables.js";

/**
 * The next number of a series. Whoever else wants one waits until the transaction has ended, so that numbers are committed
 * in their order.
 */
export async function nextNumber(db: Kysely<Tables>, series: string): Promise<number> {
  const { value } = await db
    .insertInto("counters")
    .values({ name: series, value: 1 })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((row) => ({ value: row("counters.value", "+", 1) })))
    .returning("value")
    .executeTakeFirstOrThrow();
  return value;
}
