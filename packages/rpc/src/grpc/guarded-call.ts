import * as grpc from "@grpc/grpc-js";
import { endsInsideMessage, isCutOff } from "./grpc-js-internals.js";
import { OutgoingResponse } from "./outgoing-response.js";

/**
 * A native interceptor below all others that mends three things in how grpc-js moves messages.
 *
 * It acknowledges a response as soon as it is handed to the socket, while fewer than `windowBytes` are on their way:
 * grpc-js would wait for each one's own system call, and that wait is most of what a streamed message costs. And it ends
 * a call whose last request is incomplete, with `INTERNAL`, where grpc-js would leave the piece out. And it does not take the requests of a call that was cut off for
 * complete.
 */
export function guardCalls(windowBytes: number): grpc.ServerInterceptor {
  return (_method, call) => new GuardedCall(call, windowBytes);
}

type Done = () => void;
type Listener = Parameters<grpc.ServerInterceptingCall["start"]>[0];

class GuardedCall extends grpc.ServerInterceptingCall {
  readonly #call: grpc.ServerInterceptingCallInterface;
  readonly #windowBytes: number;
  #pendingBytes = 0;
  #held: Done | undefined;

  constructor(call: grpc.ServerInterceptingCallInterface, windowBytes: number) {
    super(call);
    this.#call = call;
    this.#windowBytes = windowBytes;
  }

  override start(listener: Listener): void {
    const call = this.#call;
    call.start({
      onReceiveMetadata: (metadata) => {
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => {
        listener.onReceiveMessage(message);
      },
      onReceiveHalfClose: () => {
        if (isCutOff(call)) {
          return; // the cancellation follows, and nothing may take the requests for complete until then
        }
        if (endsInsideMessage(call)) {
          call.sendStatus({ code: grpc.status.INTERNAL, details: "the last request is incomplete", metadata: null });
        } else {
          listener.onReceiveHalfClose();
        }
      },
      onCancel: () => {
        listener.onCancel();
      },
    });
  }

  override sendMetadata(metadata: grpc.Metadata): void {
    this.#call.sendMetadata(metadata);
  }

  override sendMessage(message: unknown, done: Done): void {
    let bytes = 0;
    this.#call.sendMessage(message, () => {
      this.#pendingBytes -= bytes;
      this.#release();
    });
    // Of the messages of services that others bound the size is not known; grpc-js acknowledges those as ever.
    bytes = (message instanceof OutgoingResponse ? message.encodedBytes : undefined) ?? this.#windowBytes;
    this.#pendingBytes += bytes;
    if (this.#hasRoom()) {
      done();
    } else {
      this.#held = done;
    }
  }

  override sendStatus(status: Parameters<grpc.ServerInterceptingCall["sendStatus"]>[0]): void {
    this.#call.sendStatus(status);
  }

  #hasRoom(): boolean {
    return this.#pendingBytes < this.#windowBytes;
  }

  #release(): void {
    const held = this.#held;
    if (held !== undefined && this.#hasRoom()) {
      this.#held = undefined;
      held();
    }
  }
}
