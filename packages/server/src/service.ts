import type { ServiceDefinition, ServiceImplementation } from "@rollcall/rpc";
import { type BindOptions, bindService, type BoundService } from "@rollcall/rpc/grpc";

/** A service of this server, whatever its methods are. */
export interface Service {
  /** Its full name, such as `user.v1.UserService`. */
  readonly name: string;
  bind(options: BindOptions): BoundService;
}

/** Puts a service's definition and its handlers together. */
export function createService<S extends ServiceDefinition>(
  definition: S,
  implementation: ServiceImplementation<S>,
): Service {
  return {
    name: definition.fullName,
    bind: (options) => bindService(definition, implementation, options),
  };
}
