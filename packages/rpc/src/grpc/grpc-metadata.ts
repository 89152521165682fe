import * as grpc from "@grpc/grpc-js";
import { Metadata, type MetadataValue, type ReceivedMetadata } from "../metadata.js";

/** Metadata that nobody changes any more, so that grpc-js's server, which copies what it sends, may send it as it is. */
class FinalMetadata extends grpc.Metadata {
  override clone(): this {
    return this;
  }
}

/** What is sent where there is nothing to send. grpc-js would make it anew for each call. */
export const noMetadata: grpc.Metadata = new FinalMetadata();

/** Our metadata as grpc-js's client sends it. */
export function toGrpcMetadata(metadata: Metadata): grpc.Metadata {
  return fill(new grpc.Metadata(), metadata);
}

/** Our metadata as grpc-js's server sends it. Changed by nobody after this. */
export function toFinalMetadata(metadata: Metadata | undefined): grpc.Metadata {
  return metadata === undefined ? noMetadata : fill(new FinalMetadata(), metadata);
}

function fill(result: grpc.Metadata, metadata: Metadata): grpc.Metadata {
  for (const key of metadata.keys()) {
    const values = metadata.getAll(key);
    if (typeof values[0] === "string") {
      // node:http2 ends the process when some keys, such as "etag", come twice; joined, they mean the same.
      result.set(key, values.length === 1 ? values[0] : values.join(", "));
    } else {
      addBytes(result, key, values);
    }
  }
  return result;
}

function addBytes(result: grpc.Metadata, key: string, values: readonly MetadataValue[]): void {
  for (const value of values) {
    if (typeof value !== "string") {
      result.add(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
  }
}

/** grpc-js's metadata as ours, read as it is asked for. What belongs to gRPC itself is left out. */
export function fromGrpcMetadata(metadata: grpc.Metadata): Metadata {
  return Metadata.over(new GrpcValues(metadata));
}

/** What grpc-js received. It has left out keys and values that gRPC does not allow, such as a careless peer sends. */
class GrpcValues implements ReceivedMetadata {
  readonly #metadata: grpc.Metadata;

  constructor(metadata: grpc.Metadata) {
    this.#metadata = metadata;
  }

  keys(): Iterable<string> {
    return Object.keys(this.#metadata.getMap());
  }

  values(key: string): readonly MetadataValue[] {
    return this.#metadata.get(key);
  }
}
