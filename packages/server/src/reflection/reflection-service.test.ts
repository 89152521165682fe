import { create, toBinary } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, FileOptionsSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "@jest/globals";
import { type MessageInit, Status } from "@rollcall/rpc";
import { startTestServer } from "@rollcall/testing";
import {
  ServerReflectionDefinition,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from "../gen/grpc/reflection/v1/reflection.js";
import { ServerReflectionDefinition as ServerReflectionAlphaDefinition } from "../gen/grpc/reflection/v1alpha/reflection.js";
import { createReflectionService } from "./reflection-service.js";

// An option that no reader here knows: field 50000 of FileOptions.
const options = create(FileOptionsSchema);
options.$unknown = [{ no: 50_000, wireType: WireType.Varint, data: new Uint8Array([42]) }];

const leaf = create(FileDescriptorProtoSchema, {
  name: "leaf.proto",
  package: "shop",
  messageType: [{ name: "Price" }],
  options,
});

const root = create(FileDescriptorProtoSchema, {
  name: "root.proto",
  package: "shop",
  dependency: ["leaf.proto", "missing.proto"],
  service: [{ name: "Shop", method: [{ name: "Buy", inputType: ".shop.Order", outputType: ".shop.Price" }] }],
  messageType: [
    {
      name: "Order",
      field: [{ name: "item", number: 1 }],
      oneofDecl: [{ name: "payment" }],
      nestedType: [{ name: "Line", field: [{ name: "amount", number: 1 }] }],
      enumType: [{ name: "Size", value: [{ name: "SIZE_LARGE", number: 1 }] }],
      extension: [{ name: "gift", number: 102, extendee: ".shop.Price" }],
    },
  ],
  enumType: [{ name: "Colour", value: [{ name: "COLOUR_RED", number: 1 }] }],
  extension: [{ name: "discount", number: 101, extendee: ".shop.Price" }],
});

const [leafBytes, rootBytes] = [leaf, root].map((file) => Buffer.from(toBinary(FileDescriptorProtoSchema, file)));
const descriptorSets = [toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [leaf, root] }))];

type Question = NonNullable<ServerReflectionRequest["messageRequest"]>;
type Answer = ServerReflectionResponse["messageResponse"];

const versions = [
  ["v1", ServerReflectionDefinition],
  ["v1alpha", ServerReflectionAlphaDefinition],
] as const;

/** Asks all questions on one stream. */
async function ask(questions: readonly (Question | undefined)[], definition = versions[0][1]): Promise<Answer[]> {
  const service = createReflectionService({ services: ["shop.Shop", "a.First"], descriptorSets });
  await using server = await startTestServer(definition, service);
  const requests = questions.map((messageRequest): MessageInit<ServerReflectionRequest> => ({ messageRequest }));
  const answers = [];
  for await (const { messageResponse } of server.client.serverReflectionInfo(requests)) {
    answers.push(messageResponse);
  }
  return answers;
}

const filesOf = (...fileDescriptorProto: (Buffer | undefined)[]) => ({
  $case: "fileDescriptorResponse",
  value: { fileDescriptorProto },
});
const notFound = (errorMessage: string) => ({
  $case: "errorResponse",
  value: { errorCode: Status.NOT_FOUND, errorMessage },
});
const symbol = (value: string): Question => ({ $case: "fileContainingSymbol", value });

describe.each(versions)("reflection %s", (_version, definition) => {
  // The two versions have the same messages, so that one set of types serves both.
  const askVersion = (questions: readonly (Question | undefined)[]) =>
    ask(questions, definition as typeof ServerReflectionDefinition);

  test("lists all services in order", async () => {
    await expect(askVersion([{ $case: "listServices", value: "*" }])).resolves.toEqual([
      { $case: "listServicesResponse", value: { service: [{ name: "a.First" }, { name: "shop.Shop" }] } },
    ]);
  });

  test("sends a file as the compiler wrote it, then all that it imports", async () => {
    await expect(askVersion([{ $case: "fileByFilename", value: "root.proto" }])).resolves.toEqual([
      filesOf(rootBytes, leafBytes),
    ]);
  });

  test("sends the imports once on a stream, and what was asked for each time", async () => {
    const question: Question = { $case: "fileByFilename", value: "root.proto" };
    await expect(askVersion([question, question])).resolves.toEqual([
      filesOf(rootBytes, leafBytes),
      filesOf(rootBytes),
    ]);
  });

  test.each([
    ["a service", "shop.Shop"],
    ["a method", "shop.Shop.Buy"],
    ["a message", "shop.Order"],
    ["a field", "shop.Order.item"],
    ["a oneof", "shop.Order.payment"],
    ["a nested message", "shop.Order.Line"],
    ["a field of a nested message", "shop.Order.Line.amount"],
    ["a nested enum", "shop.Order.Size"],
    ["a value of a nested enum", "shop.Order.SIZE_LARGE"],
    ["an enum", "shop.Colour"],
    ["an enum value", "shop.COLOUR_RED"],
    ["an enum value, by its enum", "shop.Colour.COLOUR_RED"],
    ["an extension", "shop.discount"],
    ["a nested extension", "shop.Order.gift"],
    ["a name with a leading dot", ".shop.Order"],
  ])("finds the file of %s", async (_case, name) => {
    await expect(askVersion([symbol(name)])).resolves.toEqual([filesOf(rootBytes, leafBytes)]);
  });

  test.each([
    ["at the top", 101],
    ["within a message", 102],
  ])("finds the file of an extension declared %s", async (_case, extensionNumber) => {
    const value = { containingType: "shop.Price", extensionNumber };
    await expect(askVersion([{ $case: "fileContainingExtension", value }])).resolves.toEqual([
      filesOf(rootBytes, leafBytes),
    ]);
  });

  test.each([
    ["shop.Price", [101, 102]],
    ["shop.Order", []],
  ])("tells the numbers of the extensions of %s", async (value, extensionNumber) => {
    await expect(askVersion([{ $case: "allExtensionNumbersOfType", value }])).resolves.toEqual([
      { $case: "allExtensionNumbersResponse", value: { baseTypeName: value, extensionNumber } },
    ]);
  });

  test("answers what it does not know with errors, and the stream goes on", async () => {
    await expect(
      askVersion([
        { $case: "fileByFilename", value: "none.proto" },
        symbol("shop.None"),
        { $case: "fileContainingExtension", value: { containingType: "shop.Price", extensionNumber: 1 } },
        { $case: "allExtensionNumbersOfType", value: "shop.None" },
        undefined,
        { $case: "fileByFilename", value: "leaf.proto" },
      ]),
    ).resolves.toEqual([
      notFound('file "none.proto" does not exist on this server'),
      notFound('symbol "shop.None" does not exist on this server'),
      notFound('extension 1 of "shop.Price" does not exist on this server'),
      notFound('message "shop.None" does not exist on this server'),
      {
        $case: "errorResponse",
        value: { errorCode: Status.INVALID_ARGUMENT, errorMessage: "the request asks nothing" },
      },
      filesOf(leafBytes),
    ]);
  });
});
