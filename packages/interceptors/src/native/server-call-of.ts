import type * as grpc from "@grpc/grpc-js";
import type { ServerCall } from "@rollcall/rpc";

const calls = new WeakMap<grpc.Metadata, ServerCall>();

/** Notes which call the client's metadata came with. */
export function rememberCall(metadata: grpc.Metadata, call: ServerCall): void {
  calls.set(metadata, call);
}

/**
 * The call that interceptors saw, for a handler of grpc-js: what they have put into its values, and its signal. Undefined
 * where no adapted interceptor stood around the call, or another has replaced its metadata.
 *
 * @param call - What grpc-js gave the handler.
 */
export function serverCallOf(call: { readonly metadata: grpc.Metadata }): ServerCall | undefined {
  return calls.get(call.metadata);
}
