import { describe, expect, test } from "@jest/globals";
import { etagOf, versionOf } from "./etag.js";

describe("etags", () => {
  test.each([1, 2, 10, 999_999_999_999_999])("name version %d and lead back to it", (version) => {
    expect(versionOf(etagOf(version))).toBe(version);
  });

  test("an empty one means any version", () => {
    expect(versionOf("")).toBeUndefined();
  });

  test.each(['"0"', '"01"', '"-1"', '"1.5"', '"1e3"', "1", '"1', '"1"x', 'W/"1"', '""', "*", '"9999999999999999"'])(
    "%s was never given out, so no user has its version",
    (etag) => {
      expect(versionOf(etag)).toBe(-1);
    },
  );
});
