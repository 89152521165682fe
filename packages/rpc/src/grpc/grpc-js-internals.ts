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
