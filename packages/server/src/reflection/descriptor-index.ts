import { declaredExtensions, declaredSymbols } from "./declared-symbols.js";
import { type DescriptorFile, readDescriptorFiles } from "./descriptor-files.js";

/** Finds the file that declares something. Names are full, without a leading dot. */
export interface DescriptorIndex {
  fileNamed(name: string): DescriptorFile | undefined;
  fileDeclaring(symbol: string): DescriptorFile | undefined;
  fileExtending(message: string, fieldNumber: number): DescriptorFile | undefined;
  /** The numbers of all extensions of a message, in order; undefined when there is no such message. */
  extensionNumbersOf(message: string): readonly number[] | undefined;
  /** The file, then everything that it imports, at whatever depth and each once. */
  withImports(file: DescriptorFile): readonly DescriptorFile[];
}

/** Makes an index over serialized `google.protobuf.FileDescriptorSet`s. */
export function createDescriptorIndex(descriptorSets: readonly Uint8Array[]): DescriptorIndex {
  const files = readDescriptorFiles(descriptorSets);
  const byName = new Map(files.map((file) => [file.name, file]));
  const bySymbol = new Map(
    files.flatMap((file) => declaredSymbols(file.descriptor).map((symbol) => [symbol, file] as const)),
  );
  const messages = new Map<string, Map<number, DescriptorFile>>();
  for (const file of files) {
    for (const { extendee, number } of declaredExtensions(file.descriptor)) {
      messages.set(extendee, (messages.get(extendee) ?? new Map<number, DescriptorFile>()).set(number, file));
    }
  }

  return {
    fileNamed: (name) => byName.get(name),
    fileDeclaring: (symbol) => bySymbol.get(symbol),
    fileExtending: (message, fieldNumber) => messages.get(message)?.get(fieldNumber),
    extensionNumbersOf(message) {
      const numbers = [...(messages.get(message)?.keys() ?? [])].sort((a, b) => a - b);
      return numbers.length > 0 || bySymbol.has(message) ? numbers : undefined;
    },
    withImports: (file) => [...reach(file, byName)],
  };
}

/** A set visits what is added to it while it is visited. */
function reach(file: DescriptorFile, byName: ReadonlyMap<string, DescriptorFile>): Set<DescriptorFile> {
  const reached = new Set([file]);
  for (const { descriptor } of reached) {
    for (const name of descriptor.dependency) {
      const imported = byName.get(name);
      if (imported !== undefined) {
        reached.add(imported);
      }
    }
  }
  return reached;
}
