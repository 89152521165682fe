import { describe, expect, test } from "@jest/globals";
import { createSecret, digestOf } from "./secret.js";

describe("createSecret", () => {
  test("makes 256 random bits that say what they are for, and travel in metadata", () => {
    expect(createSecret("rck_").text).toMatch(/^rck_[\w-]{43}$/);
    expect(new Set(Array.from({ length: 100 }, () => createSecret("").text)).size).toBe(100);
  });

  test("tells how to know it again", () => {
    const { text, digest } = createSecret("rck_");
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(digestOf(text)).toBe(digest);
    expect(digestOf(`${text} `)).not.toBe(digest);
  });
});
