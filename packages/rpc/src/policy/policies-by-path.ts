import { methodOf, type ServiceDefinition } from "../method.js";
import type { MethodPolicy, PolicyTable } from "./method-policy.js";

/**
 * The policies of a service by the path of the method, such as `/user.v1.UserService/GetUser`: interceptors look up the
 * policy of the method that they are made for.
 */
export function policiesByPath<S extends ServiceDefinition>(
  service: S,
  policies: PolicyTable<S>,
): ReadonlyMap<string, MethodPolicy> {
  // Every policy of a table is a MethodPolicy: which fields it may name matters only where the table is written.
  const byName = policies as Readonly<Record<string, MethodPolicy>>;
  return new Map(
    Object.entries(service.methods).flatMap(([name, definition]) => {
      const policy = byName[name];
      return policy === undefined ? [] : [[methodOf(service, definition).path, policy] as const];
    }),
  );
}
