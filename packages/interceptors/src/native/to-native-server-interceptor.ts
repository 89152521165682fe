import type * as grpc from "@grpc/grpc-js";
import { composeLayers, type ServerInterceptor } from "@rollcall/rpc";
import { reportToConsole, type UnexpectedErrorListener } from "@rollcall/rpc/grpc";
import { createMethodLookup, type NativeMethod } from "./native-method.js";
import type { NativeOptions } from "./native-options.js";
import type { ServedCall } from "./served-call.js";
import type { ServedMethod } from "./exchange.js";
import { ServedCallBridge } from "./served-call-bridge.js";

/** What the adapter for servers may be told. */
export interface NativeServerOptions extends NativeOptions {
  /**
   * Hears of what interceptors throw beside StatusErrors; the client is told `INTERNAL` and nothing else. Written to
   * standard error by default.
   */
  readonly onUnexpectedError?: UnexpectedErrorListener | undefined;
}

/**
 * Brings interceptors, the first outermost, to a server of grpc-js whose handlers are bound in grpc-js's own way:
 * `new grpc.Server({ interceptors: [toNativeServerInterceptor([...])] })`.
 *
 * They surround the calls of all services of the server; choose among them with `when`. A handler finds what they have put
 * into a call's values with {@link serverCallOf}. A handler that fails with `UNKNOWN`, as grpc-js makes of whatever is
 * thrown, has failed unexpectedly as far as interceptors can tell. The bytes in `call.traffic` are those
 * of `services` only, for which messages are written once more; and a call without exactly one request where the method takes one is refused by
 * grpc-js, past the interceptors.
 */
export function toNativeServerInterceptor(
  interceptors: readonly ServerInterceptor[],
  { services = [], onUnexpectedError = reportToConsole }: NativeServerOptions = {},
): grpc.ServerInterceptor {
  const methodOf = createMethodLookup(services);
  const served = new Map<string, ServedMethod>();
  const servedMethodOf = (native: NativeMethod): ServedMethod => {
    const method = methodOf(native);
    const run = composeLayers<ServedCall>(method, interceptors, (call) => call.handle());
    const made: ServedMethod = { method, run, onUnexpectedError };
    served.set(native.path, made);
    return made;
  };
  return (native, call) => new ServedCallBridge(call, served.get(native.path) ?? servedMethodOf(native));
}
