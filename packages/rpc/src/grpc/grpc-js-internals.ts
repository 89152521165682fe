import type * as grpc from "@grpc/grpc-js";

/** The part of grpc-js's call that says whether a message has begun and not ended. */
interface DecoderState {
  readonly decoder?: { readonly readState?: number };
}

const noMessageBegun = 0;

/**
 * Whether the client has stopped in the middle of a message. grpc-js drops such a piece and takes the stream for whole,
 * so that half an upload would pass for all of it.
 *
 * This reads a private field of grpc-js, whose version is pinned. Where the field is missing the answer is false, which is
 * grpc-js's own behaviour; a test fails then.
 */
export function endsInsideMessage(call: grpc.ServerInterceptingCallInterface): boolean {
  // The field is private, hence not in the interface.
  const state = (call as DecoderState).decoder?.readState;
  return state !== undefined && state !== noMessageBegun;
}

/** The part of grpc-js's call that says how its HTTP/2 stream has ended. */
interface StreamState {
  readonly stream?: { readonly rstCode?: number | undefined; readonly destroyed?: boolean };
}

/**
 * Whether the client has cut the call off. grpc-js then tells first of the end of the requests, as if the client had sent
 * all of them, and only afterwards that the call is cancelled, so that half an upload would pass for all of it.
 *
 * This reads a private field as well, and answers false where it is missing; a test fails then.
 */
export function isCutOff(call: grpc.ServerInterceptingCallInterface): boolean {
  // The field is private, hence not in the interface.
  const { stream } = call as StreamState;
  return stream !== undefined && (stream.destroyed === true || (stream.rstCode ?? 0) !== 0);
}
