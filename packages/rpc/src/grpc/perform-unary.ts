import type { Method } from "../method.js";
import type { OutgoingCall } from "../transport.js";
import type { Connection } from "./connection.js";
import { cancelledBy, Ending } from "./ending.js";
import { fromGrpcMetadata, toGrpcMetadata } from "./grpc-metadata.js";
import { fromStatusObject } from "./status-object.js";
import { callOptions, wireOf } from "./wire.js";

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
  const { serialize, deserialize } = wireOf(method);
  const metadata = toGrpcMetadata(call.metadata);
  return new Promise((resolve, reject) => {
    const native = client.makeUnaryRequest(
      method.path,
      serialize,
      deserialize,
      request,
      metadata,
      callOptions(call),
      (error, response) => {
        ending.release();
        if (error === null) {
          resolve(response);
        } else {
          reject(ending.errorOf(fromStatusObject(error)) as Error); // a StatusError, or what the caller's own code threw
        }
      },
    );
    const ending = new Ending(call, connection, native);
    native.on("metadata", (header) => {
      call.receiveHeader(fromGrpcMetadata(header));
    });
    native.on("status", (status) => {
      call.receiveTrailer(fromGrpcMetadata(status.metadata));
    });
  });
}
