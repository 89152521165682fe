import * as grpc from "@grpc/grpc-js";
import { Metadata } from "../metadata.js";

/** Our metadata as grpc-js sends it. */
export function toGrpcMetadata(metadata: Metadata): grpc.Metadata {
  const result = new grpc.Metadata();
  for (const [key, value] of metadata) {
    result.add(key, typeof value === "string" ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  }
  return result;
}

/** grpc-js's metadata as ours. What belongs to gRPC itself is left out, and so is what a careless peer sent amiss. */
export function fromGrpcMetadata(metadata: grpc.Metadata): Metadata {
  const result = new Metadata();
  for (const key of Object.keys(metadata.toJSON())) {
    if (!key.startsWith("grpc-")) {
      appendReceived(result, key, metadata.get(key));
    }
  }
  return result;
}

function appendReceived(result: Metadata, key: string, values: readonly grpc.MetadataValue[]): void {
  for (const value of values) {
    try {
      result.append(key, value);
    } catch {
      // A value that gRPC does not allow has no meaning; refusing the call for it would help nobody.
    }
  }
}
