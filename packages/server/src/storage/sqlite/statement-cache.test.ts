import { describe, expect, test } from "@jest/globals";
import Libsql from "libsql";
import { StatementCache } from "./statement-cache.js";

describe("StatementCache", () => {
  test("prepares a text once, and knows whether it returns rows", () => {
    const cache = new StatementCache(new Libsql(":memory:"), 10);
    const select = cache.prepare("select 1 as one");

    expect(cache.prepare("select 1 as one")).toBe(select);
    expect(select.returnsRows).toBe(true);
    expect(select.statement.all()).toEqual([{ one: 1 }]);
    expect(cache.prepare("create table t (id text)").returnsRows).toBe(false);
  });

  test("forgets what was not used for longest, and nothing else, when there are too many", () => {
    const cache = new StatementCache(new Libsql(":memory:"), 2);
    const [first, second] = [cache.prepare("select 1"), cache.prepare("select 2")];
    cache.prepare("select 1");

    cache.prepare("select 3");

    expect(cache.prepare("select 1")).toBe(first);
    expect(cache.prepare("select 2")).not.toBe(second);
  });
});
