import { describe, expect, test } from "@jest/globals";
import { createRequestId } from "./create-request-id.js";

describe("createRequestId", () => {
  test("makes a random UUID, another one each time", () => {
    const id = createRequestId();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(createRequestId()).not.toBe(id);
  });

  test("makes do with random bytes, as browsers have them on pages without HTTPS", () => {
    const getRandomValues: typeof crypto.getRandomValues = (bytes) => {
      if (bytes instanceof Uint8Array) {
        bytes.forEach((_byte, index) => (bytes[index] = index));
      }
      return bytes;
    };
    expect(createRequestId({ getRandomValues })).toBe("000102030405060708090a0b0c0d0e0f");
  });
});
