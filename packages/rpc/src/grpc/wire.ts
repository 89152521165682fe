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
function wireOf(method: Method): Wire {
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

/** The method's wire format, that counts what a call sends and receives. */
export function countedWire(method: Method, { traffic }: OutgoingCall): Wire {
  const { serialize, deserialize } = wireOf(method);
  return {
    serialize: (message) => {
      const bytes = serialize(message);
      traffic.countRequest(bytes.byteLength);
      return bytes;
    },
    deserialize: (bytes) => {
      traffic.countResponse(bytes.byteLength);
      return deserialize(bytes);
    },
  };
}

/** The call's settings as grpc-js takes them. */
export function callOptions({ deadline }: OutgoingCall): grpc.CallOptions {
  return deadline === undefined ? {} : { deadline };
}
