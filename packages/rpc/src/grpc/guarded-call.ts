import * as grpc from "@grpc/grpc-js";
import { authContextOf } from "./auth-context.js";
import { handlerOf, streamOf } from "./grpc-js-internals.js";
import { GuardedRequests, type NativeListener } from "./guarded-requests.js";
import type { NativeAuthContext } from "./native-call.js";
import { unaryServerOf } from "./native-handler.js";
import { OutgoingResponse } from "./outgoing-response.js";
import { countProgress } from "./stream-progress.js";
import { UnaryCall, type Unread } from "./unary-call.js";

/**
 * A native interceptor below all others that mends what grpc-js makes of calls.
 *
 * It acknowledges a response as soon as it is handed to the socket, while fewer than `windowBytes` are on their way:
 * grpc-js would wait for each one's own system call, and that wait is most of what a streamed message costs. It answers
 * unary calls itself, where grpc-js would make a stream of each. It ends a call whose last request is incomplete, with
 * `INTERNAL`, where grpc-js would leave the piece out. It does not take the requests of a call that was cut off for
 * complete. And it knows that a connection is encrypted also where the client showed no certificate.
 */
export function guardCalls(bounds: SendBounds): grpc.ServerInterceptor {
  return (_method, call) => new GuardedCall(call, bounds);
}

/** How much may be on its way to clients. */
export interface SendBounds {
  /** Bytes of one call's responses. */
  readonly windowBytes: number;
  /** What all clients together have not read. */
  readonly unread: Unread;
}

type Done = () => void;
type Native = grpc.ServerInterceptingCallInterface;

class GuardedCall extends grpc.ServerInterceptingCall {
  readonly #call: Native;
  readonly #bounds: SendBounds;
  /** How many responses the socket has taken. */
  acknowledged = 0;
  #pendingBytes = 0;
  #held: Done | undefined;

  constructor(call: Native, bounds: SendBounds) {
    super(call);
    this.#call = call;
    this.#bounds = bounds;
  }

  override start(listener: NativeListener): void {
    const call = this.#call;
    const serve = unaryServerOf(handlerOf(call));
    call.start(
      serve === undefined ? new GuardedRequests(call, listener) : new UnaryCall(call, serve, this.#bounds.unread),
    );
  }

  override sendMessage(message: unknown, done: Done): void {
    let bytes = 0;
    this.#call.sendMessage(message, () => {
      this.acknowledged++;
      this.#pendingBytes -= bytes;
      this.#release();
    });
    // Of the messages of services that others bound the size is not known; grpc-js acknowledges those as ever.
    bytes = (message instanceof OutgoingResponse ? message.encodedBytes : undefined) ?? this.#bounds.windowBytes;
    this.#pendingBytes += bytes;
    if (this.#hasRoom()) {
      done();
    } else {
      this.#held = done;
      countProgress(streamOf(this.#call) ?? this, this);
    }
  }

  #hasRoom(): boolean {
    const { windowBytes, unread } = this.#bounds;
    return this.#pendingBytes < windowBytes && (this.#pendingBytes === 0 || !unread.isFull());
  }

  #release(): void {
    const held = this.#held;
    if (held !== undefined && this.#hasRoom()) {
      this.#held = undefined;
      held();
    }
  }

  // What the class does here by itself is made for interceptors that change what is sent.

  override sendMetadata(metadata: grpc.Metadata): void {
    this.#call.sendMetadata(metadata);
  }

  override sendStatus(status: Parameters<Native["sendStatus"]>[0]): void {
    this.#call.sendStatus(status);
  }

  override getAuthContext(): NativeAuthContext {
    return authContextOf(this.#call);
  }
}
