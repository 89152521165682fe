import type * as grpc from "@grpc/grpc-js";
import type { Method } from "../method.js";
import type { OutgoingCall } from "../transport.js";
import type { Connection } from "./connection.js";
import { cancelledBy, Ending } from "./ending.js";
import { fromGrpcMetadata, toGrpcMetadata } from "./grpc-metadata.js";
import { fromStatusObject } from "./status-object.js";
import { callOptions, countedWire } from "./wire.js";

/** Performs a call with one request and one response over grpc-js. */
export async function performUnary(
  connection: Connection,
  method: Method,
  request: unknown,
  call: OutgoingCall,
): Promise<unknown> {
  if (call.cancelSignal?.aborted === true) {
    throw cancelledBy(call.cancelSignal);
  }
  const { client } = connection;
  const { serialize, deserialize } = countedWire(method, call);
  const metadata = toGrpcMetadata(call.metadata);
  return new Promise((resolve, reject) => {
    let failure: grpc.ServiceError | null = null;
    let response: unknown;
    const native = client.makeUnaryRequest(
      method.path,
      serialize,
      deserialize,
      request,
      metadata,
      callOptions(call),
      (error, value) => {
        failure = error;
        response = value;
      },
    );
    const ending = new Ending(call, connection, native);
    native.on("metadata", (header) => {
      ending.tell(() => {
        call.receiveHeader(fromGrpcMetadata(header));
      });
    });
    // grpc-js emits the status at once after it has called back.
    native.on("status", (status) => {
      ending.release();
      ending.tell(() => {
        call.receiveTrailer(fromGrpcMetadata(status.metadata));
      });
      const error = ending.errorOf(failure === null ? undefined : fromStatusObject(failure));
      if (error === undefined) {
        resolve(response);
      } else {
        reject(error);
      }
    });
  });
}
