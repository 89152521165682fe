import type { ServerCall } from "../call.js";
import type { Method } from "../method.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import type { TrafficCounter } from "../traffic.js";
import { encodeToView } from "./encode-message.js";
import { reportUnexpected, type UnexpectedErrorListener } from "./unexpected-error.js";

/** The call that a response belongs to. */
interface RespondingCall extends ServerCall {
  readonly traffic: TrafficCounter;
}

const largeBytes = 64 * 1024;
const largeKinds = new WeakSet<Method>();

/**
 * A response on its way through grpc-js, which hands it to interceptors and to the method's serializer and tells neither
 * anything of the call.
 */
export class OutgoingResponse {
  /** How many bytes it was written to; undefined before that. */
  encodedBytes: number | undefined;

  constructor(
    readonly message: unknown,
    readonly call: RespondingCall,
  ) {}

  /** Whether its method has given a large response before. How large this one is, is not known before it is written. */
  get isOfLargeKind(): boolean {
    return largeKinds.has(this.call.method);
  }
}

/**
 * Writes the method's responses to bytes. One that cannot be written, such as a number out of its field's range, is the
 * handler's mistake: it is reported, the client hears `INTERNAL` from grpc-js, and the handler is stopped.
 */
export function responseSerializer(
  method: Method,
  onUnexpectedError: UnexpectedErrorListener,
): (response: unknown) => Buffer {
  const encode = encodeToView(method.responseType);
  return function serializeResponse(value) {
    const response = value as OutgoingResponse; // `nativeHandler` and `IncomingCall` write nothing else
    try {
      const bytes = encode(response.message);
      response.encodedBytes = bytes.byteLength;
      if (bytes.byteLength > largeBytes) {
        largeKinds.add(method);
      }
      response.call.traffic.countResponse(bytes.byteLength);
      return bytes;
    } catch (error) {
      reportUnexpected(error, response.call, onUnexpectedError);
      response.call.abort(new StatusError(Status.INTERNAL, "the response could not be written", { cause: error }));
      throw error;
    }
  };
}
