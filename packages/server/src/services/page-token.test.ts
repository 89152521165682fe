import { describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import { effectivePageSize } from "./page-size.js";
import { pageOf } from "./page-of.js";
import { createPageToken, readPageToken } from "./page-token.js";

const position = "018f0000-0000-7000-8000-000000000001";
const query = ["ListThings", "a filter"];
const token = createPageToken(query, position);

describe("a page token", () => {
  test("is read back for the query it was made for", () => {
    expect(token).toMatch(/^[\w-]{1,256}$/);
    expect(readPageToken(query, token)).toBe(position);
  });

  test("does not show the position", () => {
    expect(Buffer.from(token, "base64url").toString()).not.toContain(position.slice(0, 8));
  });

  test("is nothing on the first page", () => {
    expect(readPageToken(query, "")).toBeUndefined();
  });

  test.each([
    ["for another method", ["ListOthers", "a filter"], token],
    ["for other filters", ["ListThings", "another filter"], token],
    ["for other filters that read the same", ["ListThings", "a", "filter"], token],
    ["that was cut off", query, token.slice(0, -2)],
    ["that was changed", query, token.replace(/.$/, (last) => (last === "A" ? "B" : "A"))],
    ["of nothing but a check", query, createPageToken(query, "")],
    ["that is short", query, "AAAA"],
    ["with text that no id has, whoever made it", query, createPageToken(query, "\0")],
    ["with other bytes than text", query, createPageToken(query, "ÿ")],
  ])("%s is refused", (_case, otherQuery, text) => {
    expect(() => readPageToken(otherQuery, text)).toThrow(
      expect.objectContaining({
        code: Status.INVALID_ARGUMENT,
        reason: "PAGE_TOKEN_INVALID",
        errorDetails: expect.objectContaining({
          badRequest: { fieldViolations: [expect.objectContaining({ field: "page_token" })] },
        }),
      }),
    );
  });
});

describe("a page", () => {
  const items = ["1", "2", "3"].map((id) => ({ id }));

  test("leads on from its last item where there are more", () => {
    const page = pageOf(items, 2, query);
    expect(page.items).toEqual(items.slice(0, 2));
    expect(readPageToken(query, page.nextPageToken)).toBe("2");
  });

  test.each([3, 4])("leads nowhere where there are no more than its %i", (limit) => {
    expect(pageOf(items, limit, query)).toEqual({ items, nextPageToken: "" });
  });

  test("may be empty", () => {
    expect(pageOf([], 2, query)).toEqual({ items: [], nextPageToken: "" });
  });

  test.each([
    [0, 100],
    [1, 1],
    [1_000, 1_000],
    [1_001, 1_000],
    [2_147_483_647, 1_000],
  ])("asked for with size %i holds %i", (asked, effective) => {
    expect(effectivePageSize(asked)).toBe(effective);
  });
});
