import type * as grpc from "@grpc/grpc-js";
import type { Method } from "../method.js";
import type { OutgoingCall } from "../transport.js";
import { encodeToOwn } from "./encode-message.js";

/** How a method's messages become bytes and bytes its messages. */
export interface Wire {
  readonly serialize: (message: unknown) => Buffer;
  readonly deserialize: (bytes: Buffer) => unknown;
}

const wires = new WeakMap<Method, Wire>();

/** The wire format of a method, made once. */
export function wireOf(method: Method): Wire {
  const known = wires.get(method);
  if (known !== undefined) {
    return known;
  }
  const wire: Wire = {
    serialize: encodeToOwn(method.requestType),
    deserialize: (bytes) => method.responseType.decode(bytes),
  };
  wires.set(method, wire);
  return wire;
}

/** The call's settings as grpc-js takes them. */
export function callOptions({ deadline }: OutgoingCall): grpc.CallOptions {
  return deadline === undefined ? {} : { deadline };
}
