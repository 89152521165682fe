import type { DescField, DescMessage, DescMethod } from "@bufbuild/protobuf";
import type { GeneratorContext } from "../generator.js";
import type { ModuleText } from "../module-text.js";
import { constantNameOf, importPathOf } from "../naming.js";
import { pathOf, placeOf } from "../place.js";
import { readMessageOption } from "../read-option.js";

/** Who needs a schema, and the module that it is needed in. */
export interface SchemaUse {
  readonly user: DescField | DescMethod;
  readonly module: ModuleText;
  readonly context: GeneratorContext;
}

/** The name of a message's schema in the module of whoever needs it; `undefined` where none is generated. */
export function importSchema(type: DescMessage, { user, module, context }: SchemaUse): string | undefined {
  const name = constantNameOf(type, "Schema");
  const { file } = user.parent;
  if (type.file === file) {
    return name;
  }
  if (context.isGenerated(type.file)) {
    return module.importValue(name, importPathOf(file, type.file, ".schema"));
  }
  refuseUncompiled(type, user, context);
  return undefined;
}

/** Rules of a message whose schema does not exist would go unheeded. */
function refuseUncompiled(type: DescMessage, user: DescField | DescMethod, context: GeneratorContext): void {
  const hasRules = type.fields.some((inner) => readMessageOption(context.registry, inner, "buf.validate.field"));
  if (hasRules) {
    const problem = `${type.typeName} has rules and is not compiled along`;
    context.report({ ...placeOf(user), problem, instead: `give Buf ${pathOf(type.file)} as well` });
  }
}
