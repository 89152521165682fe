import { expect, test } from "@jest/globals";
import { fillKey } from "./fill-key.js";

test.each([
  ["fills a field that is empty", { key: "" }, { key: "new" }],
  ["keeps a key that the caller gave", { key: "own" }, { key: "own" }],
  ["adds no field", {}, {}],
])("fillKey %s", (_case, request, expected) => {
  fillKey(request, "key", () => "new");
  expect(request).toEqual(expected);
});
