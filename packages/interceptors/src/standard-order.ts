import type { ClientInterceptor, Interceptor, ServerInterceptor } from "@rollcall/rpc";
import { clientConcerns, serverConcerns } from "./concern.js";
import { isSelective } from "./when.js";

/**
 * The same interceptors, once it is certain that they stand around a server's calls in the order in which each can do its
 * work, the first outermost. Interceptors of your own may stand anywhere.
 *
 * @throws TypeError for two that are the wrong way round, and for two of one concern, unless `when` gives each methods of its own.
 */
export function serverStack(interceptors: readonly ServerInterceptor[]): readonly ServerInterceptor[] {
  checkOrder(interceptors, serverConcerns);
  return interceptors;
}

/**
 * The same interceptors, once it is certain that they stand around a client's calls in the order in which each can do its
 * work, the first outermost. Interceptors of your own may stand anywhere.
 *
 * @throws TypeError for two that are the wrong way round, and for two of one concern, unless `when` gives each methods of its own.
 */
export function clientStack(interceptors: readonly ClientInterceptor[]): readonly ClientInterceptor[] {
  checkOrder(interceptors, clientConcerns);
  return interceptors;
}

function checkOrder<C>(interceptors: readonly Interceptor<C>[], order: readonly string[]): void {
  let outer: Interceptor<C> | undefined;
  for (const inner of interceptors.filter(({ concern }) => concern !== undefined && order.includes(concern))) {
    if (outer !== undefined) {
      checkPair(outer, inner, order);
    }
    outer = inner;
  }
}

function checkPair<C>(outer: Interceptor<C>, inner: Interceptor<C>, order: readonly string[]): void {
  const [outerName, innerName] = [outer.concern ?? "", inner.concern ?? ""];
  if (order.indexOf(outerName) > order.indexOf(innerName)) {
    throw new TypeError(
      `${outerName} stands around ${innerName}, and has to stand within; the order is ${order.join(", ")}`,
    );
  }
  if (outerName === innerName && !(isSelective(outer) && isSelective(inner))) {
    throw new TypeError(`${outerName} is there twice; give each methods of its own with when()`);
  }
}
