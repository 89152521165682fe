import type { InterceptedClientCall, InterceptedServerCall } from "./call.js";
import type { Method } from "./method.js";

/** Runs a call, or what is left of it. Settles when the call ends: resolved with `OK`, rejected with any other status. */
export type Next = () => Promise<void>;

/** Surrounds one method's calls: what stands before `next` happens before the call, what stands after it when the call has ended. */
export type Layer<C> = (call: C, next: Next) => Promise<void>;

/**
 * Adds a concern to calls. It is asked once for each method, when the service is bound or the client is created, and
 * answers with the layer that surrounds the method's calls, or with undefined when the method does not concern it.
 */
export type Interceptor<C> = ((method: Method) => Layer<C> | undefined) & InterceptorName;

/** What an interceptor says of itself. */
interface InterceptorName {
  /** Which concern it is, such as `deadline`, for whoever checks the order of several. */
  readonly concern?: string | undefined;
}

/** Adds a concern to the calls that a server answers. */
export type ServerInterceptor = Interceptor<InterceptedServerCall>;
/** Adds a concern to the calls that a client makes. */
export type ClientInterceptor = Interceptor<InterceptedClientCall>;

/** Puts the interceptors' layers around `run`, the first outermost. Done once for each method, not for each call. */
export function composeLayers<C>(
  method: Method,
  interceptors: readonly Interceptor<C>[],
  run: (call: C) => Promise<void>,
): (call: C) => Promise<void> {
  return interceptors.reduceRight((next, interceptor) => {
    const layer = interceptor(method);
    return layer === undefined ? next : (call: C) => layer(call, () => next(call));
  }, run);
}
