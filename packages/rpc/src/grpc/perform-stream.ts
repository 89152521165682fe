import * as grpc from "@grpc/grpc-js";
import type { Method } from "../method.js";
import type { OutgoingCall } from "../transport.js";
import type { Connection } from "./connection.js";
import { cancelledBy, Ending } from "./ending.js";
import { fromGrpcMetadata, toGrpcMetadata } from "./grpc-metadata.js";
import { MessageReader } from "./message-reader.js";
import { fromStatusObject } from "./status-object.js";
import { callOptions, countedWire } from "./wire.js";
import { writeMessages } from "./write-messages.js";

type NativeStream = grpc.ClientDuplexStream<unknown, unknown>;

/**
 * Performs a call that streams in either direction or both over grpc-js. On the wire a stream of one message is that
 * message, so one form serves all three kinds.
 */
export function performStream(
  connection: Connection,
  method: Method,
  requests: AsyncIterable<unknown>,
  call: OutgoingCall,
): AsyncIterableIterator<unknown> {
  if (call.cancelSignal?.aborted === true) {
    throw cancelledBy(call.cancelSignal);
  }
  const { serialize, deserialize } = countedWire(method, call);
  const metadata = toGrpcMetadata(call.metadata);
  const native = connection.client.makeBidiStreamRequest(
    method.path,
    serialize,
    deserialize,
    metadata,
    callOptions(call),
  );
  const ending = new Ending(call, connection, native);
  const sending = send(native, requests, ending);
  const reader = new MessageReader(native, () => {
    native.cancel();
  });
  native.on("error", () => undefined); // told again, and in order, by the status
  native.on("metadata", (header) => {
    ending.tell(() => {
      call.receiveHeader(fromGrpcMetadata(header));
    });
  });
  native.on("status", (status) => {
    ending.release();
    sending.stop();
    ending.tell(() => {
      call.receiveTrailer(fromGrpcMetadata(status.metadata));
    });
    const error = ending.errorOf(status.code === grpc.status.OK ? undefined : fromStatusObject(status));
    if (error === undefined) {
      reader.end();
    } else {
      reader.fail(error);
    }
  });
  return reader;
}

/** Sends the requests as the server takes them. A source of requests that fails ends the call with its own error. */
function send(native: NativeStream, requests: AsyncIterable<unknown>, ending: Ending): { stop: () => void } {
  const stopping = new AbortController();
  writeMessages(native, requests, stopping.signal).then(
    () => {
      native.end();
    },
    (error: unknown) => {
      if (!stopping.signal.aborted) {
        ending.endWith(error);
      }
    },
  );
  return {
    stop: () => {
      stopping.abort();
    },
  };
}
