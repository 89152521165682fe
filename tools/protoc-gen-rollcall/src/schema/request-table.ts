import type { DescService } from "@bufbuild/protobuf";
import { docComment } from "../doc-comment.js";
import type { GeneratorContext } from "../generator.js";
import type { ModuleText } from "../module-text.js";
import { constantNameOf } from "../naming.js";
import { importSchema } from "./import-schema.js";

/** What the table of a service's request schemas is called: `userServiceRequestSchemas`. */
export function requestTableNameOf(service: DescService): string {
  return constantNameOf(service, "RequestSchemas");
}

/** The declaration of a table with the schema of each method's requests. A method whose requests have none is left out. */
export function printRequestTable(service: DescService, module: ModuleText, context: GeneratorContext): string {
  const entries = service.methods.flatMap((method) => {
    const schema = importSchema(method.input, { user: method, module, context });
    return schema === undefined ? [] : [`${method.localName}: ${schema}`];
  });
  return [
    docComment(`The schema of each request message of \`${service.typeName}\`, by method.`),
    `export const ${requestTableNameOf(service)} = { ${entries.join(", ")} } as const;`,
  ].join("\n");
}
