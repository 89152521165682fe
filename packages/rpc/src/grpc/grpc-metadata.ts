import * as grpc from "@grpc/grpc-js";
import { Metadata, type MetadataValue } from "../metadata.js";

/** Our metadata as grpc-js sends it. */
export function toGrpcMetadata(metadata: Metadata): grpc.Metadata {
  const result = new grpc.Metadata();
  for (const [key, value] of metadata) {
    const earlier = typeof value === "string" ? result.get(key)[0] : undefined;
    if (earlier === undefined) {
      result.add(key, toGrpcValue(value));
    } else {
      // node:http2 ends the process when some keys, such as "etag", come twice; joined, they mean the same.
      result.set(key, `${String(earlier)}, ${String(value)}`);
    }
  }
  return result;
}

/** grpc-js's metadata as ours. What belongs to gRPC itself is left out, and so is what a careless peer sent amiss. */
export function fromGrpcMetadata(metadata: grpc.Metadata): Metadata {
  const result = new Metadata();
  for (const key of Object.keys(metadata.getMap())) {
    if (!key.startsWith("grpc-")) {
      appendReceived(result, key, metadata.get(key));
    }
  }
  return result;
}

function toGrpcValue(value: MetadataValue): grpc.MetadataValue {
  return typeof value === "string" ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
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
