import { fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

/** One proto file. */
export interface DescriptorFile {
  readonly name: string;
  /** Its `FileDescriptorProto` as the compiler wrote it, with options that this program does not know. */
  readonly bytes: Uint8Array;
  readonly descriptor: FileDescriptorProto;
}

const fileField = 1;

/** The files of serialized `google.protobuf.FileDescriptorSet`s, each name once. */
export function readDescriptorFiles(descriptorSets: readonly Uint8Array[]): readonly DescriptorFile[] {
  const files = descriptorSets.flatMap(sliceFiles).map((bytes) => {
    const descriptor = fromBinary(FileDescriptorProtoSchema, bytes);
    return { name: descriptor.name, bytes, descriptor };
  });
  return [...new Map(files.map((file) => [file.name, file])).values()];
}

/** A descriptor set has one field, which holds the files. */
function sliceFiles(descriptorSet: Uint8Array): Uint8Array[] {
  const reader = new BinaryReader(descriptorSet);
  const files = [];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === fileField && wireType === WireType.LengthDelimited) {
      files.push(reader.bytes());
    } else {
      reader.skip(wireType, field);
    }
  }
  return files;
}
