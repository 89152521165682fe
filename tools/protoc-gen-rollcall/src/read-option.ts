import { getExtension, hasExtension } from "@bufbuild/protobuf";
import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescMessage,
  DescMethod,
  DescOneof,
  FileRegistry,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";

/**
 * The message that an option of an element is set to, such as its `buf.validate.field`, or `undefined` when the element
 * does not have the option or no imported file declares it.
 */
export function readMessageOption(
  registry: FileRegistry,
  element: DescField | DescOneof | DescMessage | DescMethod | DescEnum | DescEnumValue,
  option: string,
): ReflectMessage | undefined {
  const extension = registry.getExtension(option);
  const { options } = element.proto;
  if (extension?.message === undefined || options === undefined || !hasExtension(options, extension)) {
    return undefined;
  }
  // The value of an extension whose type is a message is a message, which the type of an extension read from a
  // descriptor does not know.
  return reflect(extension.message, getExtension(options, extension) as Parameters<typeof reflect>[1]);
}
