import * as grpc from "@grpc/grpc-js";
import { type ClientInterceptor, composeLayers } from "@rollcall/rpc";
import type { MadeCall } from "./made-call.js";
import { MadeCallBridge, type MadeMethod } from "./made-call-bridge.js";
import { createMethodLookup, type NativeMethod } from "./native-method.js";
import type { NativeOptions } from "./native-options.js";

/**
 * Brings interceptors, the first outermost, to a client of grpc-js:
 * `new PingClient(address, credentials, { interceptors: [toNativeClientInterceptor([...])] })`.
 *
 * The `parent` of a call is known to them where the server's interceptors are adapted as well. The header of a call with a
 * single response reaches the client with that response. An error of theirs that is no StatusError ends the call with
 * `UNKNOWN`. The bytes in `call.traffic` are those of `services` only, for which messages are written once more.
 */
export function toNativeClientInterceptor(
  interceptors: readonly ClientInterceptor[],
  { services = [] }: NativeOptions = {},
): grpc.Interceptor {
  const methodOf = createMethodLookup(services);
  const known = new Map<string, MadeMethod>();
  const madeMethodOf = (native: NativeMethod): MadeMethod => {
    const method = methodOf(native);
    const run = composeLayers<MadeCall>(method, interceptors, (call) => call.attempt());
    const made: MadeMethod = { method, run };
    known.set(native.path, made);
    return made;
  };
  return (options, nextCall) => {
    const native = options.method_definition;
    const made = known.get(native.path) ?? madeMethodOf(native);
    return new grpc.InterceptingCall(new MadeCallBridge(made, options, nextCall));
  };
}
