import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { TemporaryFolder } from "@rollcall/tool-command";
import { judgeChange, releaseShop } from "./released-shop.fixture.js";

const timeoutMs = 30_000;

let released: TemporaryFolder;

beforeAll(async () => {
  released = await releaseShop();
}, timeoutMs);

afterAll(async () => {
  await released[Symbol.asyncDispose]();
});

describe("an exception", () => {
  const tighter = { from: "max_len: 64", to: "max_len: 63" };
  const scope = "shop.v1.BuyRequest.buyer_id";
  const exception = { scope, rule: "string.max_len", reason: "ids are never that long", expires: "2030-06-15" };
  const change = { kind: "tightened", scope, rule: "string.max_len", message: "was 64 and is 63" };
  const none = { tightened: [], excepted: [], loosened: [], expired: [], unused: [], notCompared: [] };

  test.each([
    ["for the rule, until the end of its last day", exception],
    ["for a whole message", { scope: "shop.v1.BuyRequest", reason: "all of it", expires: "2030-12-31" }],
    ["for a whole package", { scope: "shop", reason: "all of it", expires: "2030-12-31" }],
  ])(
    "lets a change pass that has an exception %s",
    async (_case, found) => {
      await expect(judgeChange(released, { ...tighter, exceptions: [found] })).resolves.toEqual({
        ...none,
        excepted: [{ change, exception: found }],
      });
    },
    timeoutMs,
  );

  test(
    "does not let a change pass whose exception has expired",
    async () => {
      const expired = { ...exception, expires: "2030-06-14" };
      await expect(judgeChange(released, { ...tighter, exceptions: [expired] })).resolves.toEqual({
        ...none,
        tightened: [change],
        expired: [expired],
      });
    },
    timeoutMs,
  );

  test.each([
    ["another rule", { ...exception, rule: "string.min_len" }],
    ["a field whose name only begins alike", { ...exception, scope: "shop.v1.BuyRequest.buyer" }],
  ])(
    "does not let a change pass whose exception is for %s, and tells that nothing needs it",
    async (_case, other) => {
      await expect(judgeChange(released, { ...tighter, exceptions: [other] })).resolves.toEqual({
        ...none,
        tightened: [change],
        unused: [other],
      });
    },
    timeoutMs,
  );

  test.each([
    ["without a reason", { ...exception, reason: " " }, 'exceptions[0].reason is " "'],
    ["without a scope", { reason: "some", expires: "2030-06-15" }, "exceptions[0].scope is missing"],
    ["with no day", { ...exception, expires: "soon" }, 'exceptions[0].expires is "soon"; write a day'],
    ["with a day that there is not", { ...exception, expires: "2030-13-01" }, 'exceptions[0].expires is "2030-13-01"'],
    ["with a field too many", { ...exception, why: "" }, 'exceptions[0] has an unknown field "why"'],
  ])(
    "throws for an exception %s",
    async (_case, wrong, message) => {
      await expect(judgeChange(released, { from: "", to: "", exceptions: [wrong] })).rejects.toThrow(message);
    },
    timeoutMs,
  );
});
