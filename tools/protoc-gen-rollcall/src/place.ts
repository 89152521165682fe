import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** Where in the protos something is written. */
export interface Place {
  /** The proto, as it is imported: `user/v1/user.proto`. */
  readonly file: string;
  /** Counted from 1; 0 when the compiler did not say. */
  readonly line: number;
  /** The full name of what stands there, such as `user.v1.User.email`. */
  readonly element: string;
}

type Element = Exclude<AnyDesc, DescFile>;

/**
 * Says where an element is written.
 *
 * @param within - Leads on to a part of it, as numbers of descriptor fields: `[8, 1159]` is the option `buf.validate.field`
 *   of a field. The nearest part that has a line of its own counts.
 */
export function placeOf(element: Element, within: readonly number[] = []): Place {
  const file = fileOf(element);
  const { sourcePath } = getComments(element);
  return {
    file: pathOf(file),
    line: lineAt(file, [...sourcePath, ...within], sourcePath.length),
    element: nameOf(element),
  };
}

/** The file that an element is written in. */
function fileOf(element: Element): DescFile {
  switch (element.kind) {
    case "field":
    case "oneof":
    case "enum_value":
    case "rpc":
      return element.parent.file;
    default:
      return element.file;
  }
}

/** A proto's path with its ending, as it is imported. */
export function pathOf(file: DescFile): string {
  return `${file.name}.proto`;
}

function nameOf(element: Element): string {
  switch (element.kind) {
    case "field":
    case "oneof":
    case "enum_value":
    case "rpc":
      return `${element.parent.typeName}.${element.name}`;
    default:
      return element.typeName;
  }
}

function lineAt(file: DescFile, path: readonly number[], shortest: number): number {
  const locations = file.proto.sourceCodeInfo?.location ?? [];
  for (let length = path.length; length >= shortest; length -= 1) {
    const found = locations.find((location) => samePath(location.path, path.slice(0, length)));
    const line = found?.span[0];
    if (line !== undefined) {
      return line + 1;
    }
  }
  return 0;
}

function samePath(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}
