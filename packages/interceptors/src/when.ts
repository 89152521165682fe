import type { Interceptor, Method } from "@rollcall/rpc";

/**
 * Which methods are meant: those for which a function answers true, or those in a list of services, such as
 * `user.v1.UserService`, and of paths of methods, such as `/user.v1.UserService/GetUser`.
 */
export type MethodSelector = ((method: Method) => boolean) | readonly string[];

const selective = new WeakSet<object>();
const servicePattern = /^[^/]+$/;
const pathPattern = /^\/[^/]+\/[^/]+$/;

/**
 * The same interceptor for some methods only; calls of all others pass as if it were not there, and cost nothing.
 *
 * A name in a list that no service has selects nothing: an interceptor hears of one service at a time and cannot tell what
 * does not exist from what is yet to come. Where a slip must not go unnoticed, such as with access, select by a function of
 * the method's policy.
 *
 * @throws TypeError for a name that is neither a service's nor a path.
 */
export function when<C>(selector: MethodSelector, interceptor: Interceptor<C>): Interceptor<C> {
  const isSelected = typeof selector === "function" ? selector : isAmong(selector);
  const selected: Interceptor<C> = Object.assign(
    (method: Method) => (isSelected(method) ? interceptor(method) : undefined),
    { concern: interceptor.concern },
  );
  selective.add(selected);
  return selected;
}

/** Whether the interceptor is for some methods only. */
export function isSelective<C>(interceptor: Interceptor<C>): boolean {
  return selective.has(interceptor);
}

function isAmong(names: readonly string[]): (method: Method) => boolean {
  const unknown = names.find((name) => !servicePattern.test(name) && !pathPattern.test(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${JSON.stringify(unknown)} names no method; write "user.v1.UserService" or "/user.v1.UserService/GetUser"`,
    );
  }
  const selected = new Set(names);
  return ({ path, service }) => selected.has(path) || selected.has(service);
}
