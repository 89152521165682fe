import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { Edition } from "@bufbuild/protobuf/wkt";
import type { GeneratedModule, GeneratorContext } from "../generator.js";
import { createModuleText } from "../module-text.js";
import { constantNameOf, typeNameOf } from "../naming.js";
import { pathOf } from "../place.js";
import { inOrderOfUse, messagesOf } from "./message-order.js";
import { printMessage } from "./message-schema.js";
import { printRequestTable, requestTableNameOf } from "./request-table.js";

/** Compiles the messages of a proto, and the rules on their fields, to zod schemas, and its services to tables of those. */
export function generateSchemas(file: DescFile, context: GeneratorContext): GeneratedModule | undefined {
  const messages = inOrderOfUse(file);
  if ((messages.length === 0 && file.services.length === 0) || isAboutProtos(file)) {
    return undefined;
  }
  if (file.edition !== Edition.EDITION_PROTO3) {
    const place = { file: pathOf(file), line: 1, element: pathOf(file) };
    context.report({ ...place, problem: "is not proto3", instead: 'write syntax = "proto3"' });
    return undefined;
  }
  const declared = [...messagesOf(file).flatMap(declaredNames), ...file.services.map(requestTableNameOf)];
  const module = createModuleText(file, declared);
  if (messages.length > 0) {
    module.importType("z", "zod");
    module.importValue("* as v", "@rollcall/rpc/validation");
  }
  const written = new Set<DescMessage>();
  for (const message of messages) {
    module.add(printMessage({ message, module, context, written }));
    written.add(message);
  }
  for (const service of file.services) {
    module.add(printRequestTable(service, module, context));
  }
  return { suffix: ".schema.ts", text: module.print() };
}

/** Options for protos are read by what compiles them, and are in no message that travels. */
function isAboutProtos(file: DescFile): boolean {
  return file.extensions.some(({ extendee }) => extendee.typeName.startsWith("google.protobuf."));
}

function declaredNames(message: DescMessage): readonly string[] {
  return [constantNameOf(message, "Schema"), `Valid${typeNameOf(message)}`];
}
