import { describe, expect, jest, test } from "@jest/globals";
import { type InterceptedServerCall, Metadata, type MetadataInit } from "@rollcall/rpc";
import type { Caller } from "../caller.js";
import { bearerToken } from "./bearer-token.js";
import type { TokenVerifier } from "./token-verifier.js";

const ann: Caller = { subject: "ann", roles: [], credential: "token" };

function find(metadata: MetadataInit, options = {}) {
  const verify = jest.fn<TokenVerifier["verify"]>(() => ann);
  // All that the source looks at.
  const call = { metadata: Metadata.from(metadata) } as InterceptedServerCall;
  const source = bearerToken({ verify }, options);
  return { look: () => source(call), verify };
}

describe("bearerToken", () => {
  test.each(["Bearer abc", "bearer abc", "BEARER abc", "bEaReR   abc"])("finds the token in %p", (authorization) => {
    const { look, verify } = find({ authorization });
    expect(look()).toEqual(ann);
    expect(verify).toHaveBeenCalledWith("abc");
  });

  test.each([
    ["no metadata", {}],
    ["another scheme", { authorization: "Basic YTpi" }],
    ["a scheme that begins alike", { authorization: "BearerToken abc" }],
    ["a token under a key for bytes", { "authorization-bin": Buffer.from("Bearer abc") }],
    ["a token under another key", { "x-authorization": "Bearer abc" }],
  ])("finds nothing in %s", (_case, metadata) => {
    const { look, verify } = find(metadata);
    expect(look()).toBeUndefined();
    expect(verify).not.toHaveBeenCalled();
  });

  test.each([
    ["an empty value", ""],
    ["a scheme alone", "Bearer"],
    ["a scheme and a space", "Bearer "],
    ["a scheme in lower case and spaces", "bearer   "],
    ["100 kB", `Bearer ${"a".repeat(100_000)}`],
    ["a byte more than 8 KiB", `Bearer ${"a".repeat(8_193)}`],
  ])("refuses %s before it is verified", (_case, authorization) => {
    const { look, verify } = find({ authorization });
    expect(look).toThrow("it takes 1 to 8192");
    expect(verify).not.toHaveBeenCalled();
  });

  test("takes tokens as long as it is told", () => {
    expect(find({ authorization: "Bearer abc" }, { maxTokenBytes: 3 }).look()).toEqual(ann);
    expect(find({ authorization: "Bearer abcd" }, { maxTokenBytes: 3 }).look).toThrow(RangeError);
    expect(() => find({}, { maxTokenBytes: 0 })).toThrow(
      new TypeError("maxTokenBytes is 0; it takes a number above 0"),
    );
  });
});
