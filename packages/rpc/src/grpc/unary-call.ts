import * as grpc from "@grpc/grpc-js";
import { authContextOf } from "./auth-context.js";
import { noMetadata } from "./grpc-metadata.js";
import { type NativeListener, requestsAreComplete } from "./guarded-requests.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { OutgoingResponse } from "./outgoing-response.js";
import { toStatusObject } from "./status-object.js";
import type { UnreadResponses } from "./unread-responses.js";
import type { NativeAuthContext, NativeCall, Outcome, Serve } from "./native-call.js";

/**
 * A unary call that is answered where it arrives, without the stream that grpc-js makes of each unary call: that stream
 * is the largest thing that a call leaves behind, and a tenth of what it costs.
 *
 * What a client may send amiss is answered as grpc-js does.
 */
export class UnaryCall implements NativeCall, NativeListener {
  cancelled = false;
  metadata = noMetadata;
  readonly #call: grpc.ServerInterceptingCallInterface;
  readonly #serve: Serve;
  readonly #unread: Unread;
  #request: unknown;
  #onCancelled: (() => void) | undefined;

  constructor(call: grpc.ServerInterceptingCallInterface, serve: Serve, unread: Unread) {
    this.#call = call;
    this.#serve = serve;
    this.#unread = unread;
  }

  onReceiveMetadata(metadata: grpc.Metadata): void {
    this.metadata = metadata;
    this.#call.startRead();
  }

  onReceiveMessage(message: unknown): void {
    if (this.#request === undefined) {
      this.#request = message;
      this.#call.startRead();
    } else {
      this.#refuse("the method takes one request, and there are several");
    }
  }

  onReceiveHalfClose(): void {
    if (!requestsAreComplete(this.#call)) {
      return;
    }
    if (this.#request === undefined) {
      this.#refuse("the method takes a request, and there is none");
      return;
    }
    this.#serve(this, this.#request, (outcome) => {
      this.#end(outcome);
    });
  }

  onCancel(): void {
    this.cancelled = true;
    this.#onCancelled?.();
  }

  getDeadline(): grpc.Deadline {
    return this.#call.getDeadline();
  }

  getPeer(): string {
    return this.#call.getPeer();
  }

  getAuthContext(): NativeAuthContext {
    return authContextOf(this.#call);
  }

  sendMetadata(metadata: grpc.Metadata): void {
    this.#call.sendMetadata(metadata);
  }

  once(_event: "cancelled", listener: () => void): void {
    this.#onCancelled = listener;
  }

  #refuse(details: string): void {
    this.#call.sendStatus({ code: grpc.status.UNIMPLEMENTED, details, metadata: null });
  }

  #end({ error, response, trailer }: Outcome): void {
    // Node keeps a stream, and with it this, for long after its end. What is let go here need not be kept with it.
    this.#request = ended;
    this.#onCancelled = undefined;
    if (error !== null) {
      this.#call.sendStatus(error);
      return;
    }
    if (response instanceof OutgoingResponse && response.isOfLargeKind && this.#unread.isFull()) {
      this.#call.sendStatus(crowded);
      return;
    }
    this.#call.sendMetadata(noMetadata); // nothing is sent where a header has been
    // The status follows the message by itself. A message that cannot be written has ended the call with another.
    this.#call.sendMessage(response, ignore);
    if (response instanceof OutgoingResponse) {
      this.#unread.add(response.encodedBytes ?? 0);
    }
    this.#call.sendStatus({ code: grpc.status.OK, details: "OK", metadata: trailer ?? noMetadata });
  }
}

/** What clients have not read. */
export type Unread = Pick<UnreadResponses, "isFull" | "add">;

const crowded = toStatusObject(
  new StatusError(Status.UNAVAILABLE, "too many responses wait to be read; try again", { retryDelayMs: 1_000 }),
  undefined,
);

const ended = Symbol("ended");
const ignore = () => undefined;
