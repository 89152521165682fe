import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import type { MessageInit } from "@rollcall/rpc";
import { Values } from "./gen/ping/v1/ping.js";
import { valuesCases } from "./values-cases.fixture.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const python = "/usr/bin/python3";

/** Reads descriptors from a file and texts from standard input, and writes the bytes that Python makes of the texts. */
const encodeInPython = `
import json, sys
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format
pool = descriptor_pool.DescriptorPool()
with open(sys.argv[1], "rb") as image:
    for file in descriptor_pb2.FileDescriptorSet.FromString(image.read()).file:
        pool.Add(file)
descriptor = pool.FindMessageTypeByName("ping.v1.Values")
get_class = getattr(message_factory, "GetMessageClass", message_factory.MessageFactory(pool).GetPrototype)
encode = lambda text: text_format.Parse(text, get_class(descriptor)()).SerializeToString(deterministic=True).hex()
json.dump([encode(text) for text in json.load(sys.stdin)], sys.stdout)
`;

function isPythonThere(): boolean {
  try {
    execFileSync(python, ["-c", "import google.protobuf"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What Python makes of messages in the text format, by the proto file as it is now. */
function bytesFromPython(texts: readonly string[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), "rollcall-values-"));
  try {
    const image = join(folder, "image.binpb");
    execFileSync(join(root, "node_modules/.bin/buf"), ["build", "--path", "proto/ping", "--output", image], {
      cwd: root,
    });
    const input = JSON.stringify(texts);
    return JSON.parse(execFileSync(python, ["-c", encodeInPython, image], { input, encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// ts-proto's own type of what it takes allows no field that is explicitly undefined; the function does.
const complete = (init: MessageInit<Values>) => Values.fromPartial(init as never);

describe("a message of every type", () => {
  test.each(valuesCases)("is written as Python writes it, but for what is known: $name", (oneCase) => {
    const hex = Buffer.from(Values.encode(complete(oneCase.values)).finish()).toString("hex");
    expect(hex === oneCase.hex).toBe(oneCase.writtenOtherwise === undefined);
  });

  test.each(valuesCases)("is read as it was meant: $name", ({ values, hex }) => {
    const decoded = Values.decode(new Uint8Array(Buffer.from(hex, "hex")));
    expect(decoded).toEqual(complete(values));
  });

  const live = isPythonThere() ? test : test.skip;
  live("has the bytes that Python's protobuf makes of it today", () => {
    expect(bytesFromPython(valuesCases.map(({ text }) => text))).toEqual(valuesCases.map(({ hex }) => hex));
  });
});
