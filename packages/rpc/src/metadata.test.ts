import { describe, expect, test } from "@jest/globals";
import { Metadata, type MetadataValue } from "./metadata.js";

describe("Metadata", () => {
  test("keeps texts and bytes, whatever the case of their keys", () => {
    const metadata = Metadata.from({ "X-Trace": "a", "trace-bin": new Uint8Array([1]), "x-many": ["1", "2"] });
    expect(metadata.get("x-trace")).toBe("a");
    expect(metadata.getBytes("Trace-Bin")).toEqual(new Uint8Array([1]));
    expect(metadata.getAll("X-MANY")).toEqual(["1", "2"]);
    expect(metadata.size).toBe(3);
  });

  test("answers nothing for a key it lacks, or of the other kind", () => {
    const metadata = Metadata.from({ text: "a", "a-bin": new Uint8Array() });
    expect(metadata.get("other")).toBeUndefined();
    expect(metadata.getBytes("text")).toBeUndefined();
    expect(metadata.get("a-bin")).toBeUndefined();
    expect(metadata.getAll("other")).toEqual([]);
    expect(metadata.has("other")).toBe(false);
  });

  test("sets in place of what was there, appends beside it, and deletes all of it", () => {
    const metadata = new Metadata().append("key", "1").append("KEY", "2");
    expect(metadata.getAll("key")).toEqual(["1", "2"]);
    expect(metadata.set("Key", "3").getAll("key")).toEqual(["3"]);
    expect(metadata.delete("KEY")).toBe(true);
    expect(metadata.delete("key")).toBe(false);
    expect([...metadata]).toEqual([]);
  });

  test("copies other metadata", () => {
    const original = Metadata.from({ key: ["1", "2"] });
    const copy = Metadata.from(original);
    copy.append("key", "3");
    expect([...original]).toEqual([
      ["key", "1"],
      ["key", "2"],
    ]);
    expect(copy.getAll("key")).toEqual(["1", "2", "3"]);
  });

  test.each([
    ["a key with a space", "a b", "x", 'metadata key "a b" may only have letters, digits and "_", "-", "."'],
    ["an empty key", "", "x", 'metadata key "" may only have letters'],
    ["a pseudo-header", ":path", "x", 'metadata key ":path" may only have'],
    ["a key of gRPC's own", "grpc-status", "0", 'keys that begin with "grpc-" belong to gRPC'],
    ["a key of the connection's", "Connection", "x", 'metadata key "connection" is reserved'],
    ["a length", "content-length", "5", 'metadata key "content-length" is reserved'],
    ["bytes under a text key", "key", new Uint8Array(), 'metadata key "key" takes text'],
    ["text under a bytes key", "key-bin", "x", 'metadata key "key-bin" takes bytes'],
    ["text beyond ASCII", "key", "é", 'send other text as bytes under a key that ends in "-bin"'],
    ["a line feed", "key", "a\nb", "takes printable ASCII only"],
    ["a NUL", "key", "a\0b", "takes printable ASCII only"],
  ])("refuses %s", (_case, key, value, message) => {
    expect(() => new Metadata().append(key, value)).toThrow(new RegExp(escaped(message)));
    expect(() => new Metadata().set(key, value)).toThrow(TypeError);
    expect(() => Metadata.from({ [key]: value })).toThrow(TypeError);
  });
});

describe("Metadata that was received", () => {
  const sent: Readonly<Record<string, readonly MetadataValue[]>> = {
    "x-text": ["a"],
    "x-many": ["1", "2"],
    "x-bin": [new Uint8Array([1]), new Uint8Array([2])],
    "grpc-previous-rpc-attempts": ["1"],
    "content-length": ["5"],
  };

  function receive() {
    const asked: string[] = [];
    const metadata = Metadata.over({
      keys: () => Object.keys(sent),
      values: (key) => {
        asked.push(key);
        return sent[key] ?? [];
      },
    });
    return { asked, metadata };
  }

  test("is read key by key, as it is asked for", () => {
    const { asked, metadata } = receive();
    expect(asked).toEqual([]);
    expect(metadata.get("X-Text")).toBe("a");
    expect(metadata.getAll("x-many")).toEqual(["1", "2"]);
    expect(metadata.getBytes("x-bin")).toEqual(new Uint8Array([1]));
    expect(metadata.has("x-other")).toBe(false);
    expect(metadata.get("x-other")).toBeUndefined();
    expect(asked).toEqual(["x-text", "x-many", "x-bin", "x-other", "x-other"]);
  });

  test.each(["grpc-previous-rpc-attempts", "Content-Length"])("does not show %s", (key) => {
    const { metadata } = receive();
    expect(metadata.has(key)).toBe(false);
    expect(metadata.getAll(key)).toEqual([]);
    expect([...metadata.keys()]).toEqual(["x-text", "x-many", "x-bin"]);
    expect(metadata.has(key)).toBe(false);
  });

  test("may be gone through, counted and copied", () => {
    const { metadata } = receive();
    const copy = Metadata.from(metadata);
    const entries = [
      ["x-text", "a"],
      ["x-many", "1"],
      ["x-many", "2"],
      ["x-bin", new Uint8Array([1])],
      ["x-bin", new Uint8Array([2])],
    ];
    expect([...metadata]).toEqual(entries);
    expect([...copy]).toEqual(entries);
    expect(receive().metadata.size).toBe(3);
  });

  test("may be changed, which changes nothing for whoever received it", () => {
    const { metadata } = receive();
    metadata.append("x-many", "3").set("x-text", "b");
    expect(metadata.delete("x-bin")).toBe(true);
    expect([...metadata]).toEqual([
      ["x-text", "b"],
      ["x-many", "1"],
      ["x-many", "2"],
      ["x-many", "3"],
    ]);
    expect([...receive().metadata.getAll("x-many")]).toEqual(["1", "2"]);
  });
});

test("Metadata refuses a value under a key that it has taken before", () => {
  const metadata = new Metadata().set("x-known", "a");
  expect(() => metadata.set("X-Known", "é")).toThrow(TypeError);
  expect(() => metadata.append("x-known", new Uint8Array())).toThrow(TypeError);
  expect(metadata.getAll("x-known")).toEqual(["a"]);
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
