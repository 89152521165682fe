import { ScalarType } from "@bufbuild/protobuf";
import type { DescField } from "@bufbuild/protobuf";

const inMaps: readonly ScalarType[] = [
  ScalarType.BOOL,
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
];

/** Whether ts-proto makes a Map of a map field, because its keys would not be the same as keys of an object. */
export function hasMapType(field: DescField & { fieldKind: "map" }): boolean {
  return inMaps.includes(field.mapKey);
}
