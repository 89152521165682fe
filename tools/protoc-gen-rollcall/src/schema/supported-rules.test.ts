import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { createFileRegistry } from "@bufbuild/protobuf";
import type { FileRegistry } from "@bufbuild/protobuf";
import { file_buf_validate_validate as standard } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { buildProtos } from "../compile-text.fixture.js";
import { messagesOf } from "./message-order.js";

const timeoutMs = 60_000;

describe("proto/buf/validate/validate.proto", () => {
  let registry: FileRegistry;
  let messages: readonly DescMessage[];

  beforeAll(async () => {
    registry = createFileRegistry(await buildProtos({}));
    const file = registry.getFile("buf/validate/validate.proto");
    messages = file === undefined ? [] : messagesOf(file);
  }, timeoutMs);

  const standardField = (field: DescField) =>
    standard.messages
      .find(({ typeName }) => typeName === field.parent.typeName)
      ?.fields.find(({ number }) => number === field.number);

  /** All of a field that is on the wire, or that a reader of the standard's module sees. */
  const declaration = (field: DescField | undefined) =>
    field && {
      name: field.name,
      number: field.number,
      type: field.proto.type,
      typeName: field.proto.typeName,
      label: field.proto.label,
      oneof: field.oneof?.name,
    };

  test("declares rules", () => {
    expect(messages.map(({ name }) => name)).toEqual(expect.arrayContaining(["FieldRules", "StringRules", "MapRules"]));
  });

  test("declares every field with the name, the number and the type that the standard gives it", () => {
    const fields = messages.flatMap((message) => message.fields);
    expect(fields.length).toBeGreaterThan(150);
    expect(fields.map(declaration)).toEqual(fields.map((field) => declaration(standardField(field))));
  });

  test("declares every value of an enum with the standard's name and number", () => {
    const values = registry.getEnum("buf.validate.Ignore")?.values.map(({ name, number }) => ({ name, number }));
    const known = standard.enums.find(({ name }) => name === "Ignore")?.values ?? [];
    expect(values).toEqual(known.map(({ name, number }) => ({ name, number })));
  });

  test.each(["field", "oneof"])("extends what the standard extends by %s, under the same number", (name) => {
    const ours = registry.getExtension(`buf.validate.${name}`);
    const theirs = standard.extensions.find((extension) => extension.name === name);
    expect([ours?.number, ours?.extendee.typeName, ours?.message?.typeName]).toEqual([
      theirs?.number,
      theirs?.extendee.typeName,
      theirs?.message?.typeName,
    ]);
  });
});
