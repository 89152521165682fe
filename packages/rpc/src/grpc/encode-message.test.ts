import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "@jest/globals";
import type { MessageType } from "../message.js";
import { note, Note } from "../note-service.fixture.js";
import { encodeToOwn, encodeToView } from "./encode-message.js";

/** Bytes and then a number of eight bytes, which BinaryWriter writes through a view of its memory. */
const Measurement: Pick<MessageType<{ bytes: Uint8Array; value: number }>, "encode"> = {
  encode: ({ bytes, value }, writer = new BinaryWriter()) => writer.uint32(10).bytes(bytes).uint32(17).double(value),
};
const measurements = { ...Measurement, decode: () => undefined as never, fromPartial: () => undefined as never };

const plain = (text: string, paddingBytes = 0) => Buffer.from(Note.encode(note(text, paddingBytes)).finish());

describe.each([
  ["encodeToView", encodeToView],
  ["encodeToOwn", encodeToOwn],
])("%s", (_name, encodeTo) => {
  test.each([
    ["an empty message", "", 0],
    ["a small message", "Zoë 🎉", 3],
    ["a message that fills the scratch", "a", 256 * 1024 - 3 - 4],
    ["a message that outgrows the scratch", "a", 300_000],
    ["a message of many megabytes", "a", 5_000_000],
  ])("writes %s as ts-proto does", (_case, text, paddingBytes) => {
    expect(encodeTo(Note)(note(text, paddingBytes)).equals(plain(text, paddingBytes))).toBe(true);
  });

  test("writes small messages well after large ones", () => {
    const encode = encodeTo(Note);
    encode(note("large", 1_000_000));
    expect(encode(note("small"))).toEqual(plain("small"));
  });

  test("writes fixed-size numbers well after messages that outgrew the scratch", () => {
    const message = { bytes: new Uint8Array(300_000), value: 1.5 };
    const encode = encodeTo(measurements);
    encode({ ...message, value: 2.5 });
    expect(encode(message).equals(Measurement.encode(message).finish())).toBe(true);
  });

  test("goes on after a message that cannot be written", () => {
    const encode = encodeTo(Note);
    expect(() => encode(undefined as never)).toThrow(TypeError);
    expect(encode(note("next"))).toEqual(plain("next"));
  });
});

describe("encodeToOwn", () => {
  test.each([10, 300_000])("leaves earlier bytes alone, at %i bytes of padding", (paddingBytes) => {
    const encode = encodeToOwn(Note);
    const first = encode(note("first", paddingBytes));
    encode(note("second", paddingBytes));
    expect(first.equals(plain("first", paddingBytes))).toBe(true);
  });
});
