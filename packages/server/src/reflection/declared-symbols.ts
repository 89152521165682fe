import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  ServiceDescriptorProto,
} from "@bufbuild/protobuf/wkt";

/** An extension that a file declares. */
export interface DeclaredExtension {
  /** The full name of the message that it extends. */
  readonly extendee: string;
  readonly number: number;
}

/** The full names of everything that a file declares: services, methods, messages, fields, oneofs, enums and their values, extensions. */
export function declaredSymbols(file: FileDescriptorProto): readonly string[] {
  const scope = file.package;
  return [
    ...file.service.flatMap((service) => serviceSymbols(scope, service)),
    ...file.messageType.flatMap((message) => messageSymbols(scope, message)),
    ...file.enumType.flatMap((declared) => enumSymbols(scope, declared)),
    ...namesIn(scope, file.extension),
  ];
}

/** All extensions that a file declares, at whatever depth. */
export function declaredExtensions(file: FileDescriptorProto): readonly DeclaredExtension[] {
  return [...file.extension, ...file.messageType.flatMap(extensionsWithin)].map(({ extendee, number }) => ({
    extendee: withoutLeadingDot(extendee),
    number,
  }));
}

/** The compiler writes names of types with a leading dot; people ask without it. */
export function withoutLeadingDot(name: string): string {
  return name.startsWith(".") ? name.slice(1) : name;
}

function serviceSymbols(scope: string, service: ServiceDescriptorProto): string[] {
  const name = join(scope, service.name);
  return [name, ...namesIn(name, service.method)];
}

function messageSymbols(scope: string, message: DescriptorProto): string[] {
  const name = join(scope, message.name);
  return [
    name,
    ...namesIn(name, message.field),
    ...namesIn(name, message.oneofDecl),
    ...namesIn(name, message.extension),
    ...message.nestedType.flatMap((nested) => messageSymbols(name, nested)),
    ...message.enumType.flatMap((declared) => enumSymbols(name, declared)),
  ];
}

/** An enum's values are named in the scope around it, as in C++. Tools ask for them within the enum as well. */
function enumSymbols(scope: string, declared: EnumDescriptorProto): string[] {
  const name = join(scope, declared.name);
  return [name, ...namesIn(scope, declared.value), ...namesIn(name, declared.value)];
}

function extensionsWithin(message: DescriptorProto): FieldDescriptorProto[] {
  return [...message.extension, ...message.nestedType.flatMap(extensionsWithin)];
}

function namesIn(scope: string, declarations: readonly { readonly name: string }[]): string[] {
  return declarations.map(({ name }) => join(scope, name));
}

function join(scope: string, name: string): string {
  return scope === "" ? name : `${scope}.${name}`;
}
