import type { DescEnum, DescFile, DescMessage, DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { readError } from "../errors/declared-errors.js";
import type { DeclaredError } from "../errors/declared-errors.js";
import { anchorOf } from "./markdown.js";

/** What the reference tells of, all in the order of the protos. */
export interface Contents {
  readonly registry: FileRegistry;
  readonly services: readonly DescService[];
  /** Enums and messages, those inside other messages too, without the reasons of errors. */
  readonly types: readonly (DescMessage | DescEnum)[];
  readonly errors: readonly DeclaredError[];
}

/** Gathers what there is to tell of some protos. Those that declare options say how contracts are written, not what this one says. */
export function gatherContents(protos: readonly DescFile[], registry: FileRegistry): Contents {
  const files = protos.filter(({ extensions }) => extensions.length === 0);
  const nested = files.flatMap((file) => [...nestedTypes(file)]);
  const errorsOf = (type: DescEnum) => type.values.flatMap((value) => readError(value, registry) ?? []);
  const isReasons = (type: DescEnum) => errorsOf(type).length > 0;
  const types = nested.filter((type) => type.kind === "message" || type.kind === "enum");
  return {
    registry,
    services: files.flatMap((file) => file.services),
    types: types.filter((type) => type.kind === "message" || !isReasons(type)),
    errors: types.flatMap((type) => (type.kind === "enum" ? errorsOf(type) : [])),
  };
}

/** The page of a service: `user-service.md`. */
export function pageOf({ name }: DescService): string {
  return `${name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase()}.md`;
}

/** A link to an RPC. */
export function linkMethod({ name, parent }: DescMethod): string {
  return `[${name}](${pageOf(parent)}#${anchorOf(name)})`;
}

/** A link to a message or an enum; only its name when the reference does not tell of it. */
export function linkType({ types }: Contents, type: DescMessage | DescEnum): string {
  const name = titleOf(type);
  return types.includes(type) ? `[${name}](messages.md#${anchorOf(name)})` : name;
}

/** The name of a message or an enum, within those that it is inside of: `Outer.Inner`. */
export function titleOf(type: DescMessage | DescEnum): string {
  return type.parent === undefined ? type.name : `${titleOf(type.parent)}.${type.name}`;
}

/** Makes links of the reasons of errors that a text speaks of. */
export function linkReasons({ errors }: Contents, text: string): string {
  return text.replace(/`([A-Z][A-Z0-9_]+)`/g, (whole, name: string) =>
    errors.some(({ reason }) => reason === name) ? `[${whole}](errors.md#${anchorOf(name)})` : whole,
  );
}
