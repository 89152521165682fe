import * as grpc from "@grpc/grpc-js";
import type { Metadata } from "@rollcall/rpc";
import { toGrpcMetadata } from "@rollcall/rpc/grpc";

/** What a program of grpc-js sends, and what interceptors send beside it. Of a key that both have, the program's value comes first. */
export function joinedMetadata(native: grpc.Metadata | null | undefined, added: Metadata): grpc.Metadata {
  const joined = native?.clone() ?? new grpc.Metadata();
  if (added.size === 0) {
    return joined;
  }
  const more = toGrpcMetadata(added);
  for (const key of Object.keys(more.getMap())) {
    for (const value of more.get(key)) {
      const earlier = typeof value === "string" ? joined.get(key)[0] : undefined;
      if (earlier === undefined) {
        joined.add(key, value);
      } else {
        joined.set(key, `${String(earlier)}, ${String(value)}`); // node:http2 refuses some keys that come twice
      }
    }
  }
  return joined;
}
