import { describe, expect, test } from "@jest/globals";
import { StatementNames } from "./statement-names.js";

describe("StatementNames", () => {
  test("a text keeps its name, and no other has it", () => {
    const names = new StatementNames(10);
    const name = names.nameOf("select $1");

    expect(name).toEqual(expect.any(String));
    expect(names.nameOf("select $1")).toBe(name);
    expect(names.nameOf("select $2")).not.toBe(name);
  });

  test("texts beyond the bound stay nameless, and those before keep their names", () => {
    const names = new StatementNames(1);
    const name = names.nameOf("select $1");

    expect(names.nameOf("select $2")).toBeUndefined();
    expect(names.nameOf("select $1")).toBe(name);
  });
});
