import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, FileRegistry, Message } from "@bufbuild/protobuf";
import type { Path } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { violationsOf } from "@rollcall/rpc/validation";
import { repositoryRoot } from "@rollcall/tool-command";
import fc from "fast-check";
import type { z } from "zod";
import { buildProtos } from "../compile-text.fixture.js";
import * as messages from "../gen/validation/messages.js";
import * as messagesSchemas from "../gen/validation/messages.schema.js";
import * as numbers from "../gen/validation/numbers.js";
import * as numbersSchemas from "../gen/validation/numbers.schema.js";
import * as scalars from "../gen/validation/scalars.js";
import * as scalarsSchemas from "../gen/validation/scalars.schema.js";
import * as times from "../gen/validation/times.js";
import * as timesSchemas from "../gen/validation/times.schema.js";
import { constantNameOf, typeNameOf } from "../naming.js";
import { messageOf } from "./message-arbitrary.fixture.js";

const timeoutMs = 120_000;
const runs = process.env["ROLLCALL_SOAK"] === "1" ? 20_000 : 300;
const testdata = join(repositoryRoot, "tools/protoc-gen-rollcall/testdata");

interface Decoder {
  decode(bytes: Uint8Array): unknown;
}

const decoders: Readonly<Record<string, unknown>> = { ...messages, ...numbers, ...scalars, ...times };
const schemas: Readonly<Record<string, unknown>> = {
  ...messagesSchemas,
  ...numbersSchemas,
  ...scalarsSchemas,
  ...timesSchemas,
};

const names = [
  ...["Double", "Float", "Int32", "Int64", "UInt32", "UInt64", "SInt32", "SInt64", "Fixed32", "Fixed64", "SFixed32"],
  ...["SFixed64", "String", "Bytes", "Bool", "Enum", "Timestamp", "Duration"],
].map((kind) => `${kind}Rules`);

describe("generated schemas", () => {
  let registry: FileRegistry;
  const validator = createValidator();

  beforeAll(async () => {
    const folder = join(testdata, "validation");
    const protos = (await readdir(folder)).map(
      async (name) => [`validation/${name}`, await readFile(join(folder, name), "utf8")] as const,
    );
    registry = createFileRegistry(await buildProtos(Object.fromEntries(await Promise.all(protos))));
  }, timeoutMs);

  function typeOf(name: string): DescMessage {
    const type = registry.getMessage(`validation.${name}`);
    if (type === undefined) {
      throw new Error(`testdata has no message ${JSON.stringify(name)}`);
    }
    return type;
  }

  /** The rules that protovalidate finds broken, and where. */
  function expected(type: DescMessage, message: Message): readonly string[] {
    const result = validator.validate(type, message);
    if (result.kind === "error") {
      throw result.error;
    }
    const violations = result.kind === "invalid" ? result.violations : [];
    return violations.map(({ field, ruleId, forKey }) => print(printPath(field), ruleId, forKey)).sort();
  }

  /** The rules that our schema finds broken in the same bytes, and where. */
  function found(type: DescMessage, message: Message): readonly string[] {
    const value = (decoders[typeNameOf(type)] as Decoder).decode(toBinary(type, message));
    const schema = schemas[constantNameOf(type, "Schema")] as z.ZodType;
    const result = schema.safeParse(value);
    if (result.success) {
      expect(result.data).toBe(value);
      return [];
    }
    return violationsOf(schema, result.error, value)
      .map(({ field, ruleId, forKey }) => print(field, ruleId, forKey))
      .sort();
  }

  /** As `pathToString` of protobuf-es, but with control characters in keys escaped. */
  function printPath(path: Path): string {
    return path.map(printStep).join("").replace(/^\./, "");
  }

  function printStep(step: Path[number]): string {
    switch (step.kind) {
      case "list_sub":
        return `[${step.index}]`;
      case "map_sub":
        return `[${typeof step.key === "string" ? JSON.stringify(step.key) : String(step.key)}]`;
      default:
        return `.${step.name}`;
    }
  }

  function print(field: string, ruleId: string, forKey: boolean): string {
    return `${field}${forKey ? " (key)" : ""}: ${ruleId}`;
  }

  test.each([...names, "Leaf", "Nesting", "Tree", "Choices", "WellKnown", "Nothing"])(
    "of %s find the same rules broken as protovalidate",
    (name) => {
      const type = typeOf(name);
      fc.assert(
        fc.property(messageOf(type, Date.now()), (message) => {
          const sent = fromBinary(type, toBinary(type, message));
          expect(found(type, sent)).toEqual(expected(type, sent));
        }),
        { numRuns: runs },
      );
    },
    timeoutMs,
  );
});
