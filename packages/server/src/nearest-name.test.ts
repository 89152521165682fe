import { describe, expect, test } from "@jest/globals";
import { nearestName } from "./nearest-name.js";

describe("nearestName", () => {
  test.each([
    ["kitten", ["sitting", "kitchen", "mitten"], "mitten"],
    ["adress", ["address", "dress"], "address"],
    ["port", ["ports"], "ports"],
    ["grpcAddress", ["webAddress", "opsAddress", "databaseUrl"], "opsAddress"],
    ["colour", ["grpcAddress"], undefined],
    ["anything", [], undefined],
  ])("of %s among %j is %s", (name, candidates, nearest) => {
    expect(nearestName(name, candidates)).toBe(nearest);
  });
});
