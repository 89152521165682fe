import { describe, expect, test } from "@jest/globals";
import { methodOf, Status } from "@rollcall/rpc";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { defaultLevelOf, levelsOf } from "./call-level.js";

describe("defaultLevelOf", () => {
  test.each([
    ["info", "OK CANCELLED INVALID_ARGUMENT NOT_FOUND ALREADY_EXISTS UNAUTHENTICATED PERMISSION_DENIED"],
    ["warn", "DEADLINE_EXCEEDED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNAVAILABLE"],
    ["error", "UNKNOWN UNIMPLEMENTED INTERNAL DATA_LOSS"],
  ])("takes for %s: %s", (level, names) => {
    const statuses = names.split(" ").map((name) => Status[name as keyof typeof Status]);
    expect(statuses.map(defaultLevelOf)).toEqual(statuses.map(() => level));
  });
});

describe("levelsOf", () => {
  const ping = methodOf(PingServiceDefinition, PingServiceDefinition.methods.ping);

  test("asks for every status, of the method", () => {
    const asked: unknown[] = [];
    const levels = levelsOf(ping, (status, method) => {
      asked.push(method);
      return status === Status.OK ? undefined : "warn";
    });
    expect(levels).toHaveLength(17);
    expect([levels[Status.OK], levels[Status.UNAUTHENTICATED]]).toEqual([undefined, "warn"]);
    expect(new Set(asked)).toEqual(new Set([ping]));
  });
});
