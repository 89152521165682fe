import { authServicePolicies } from "@rollcall/contracts/user/v1/auth_service.policy";
import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type Method, type MethodPolicy, methodOf, policiesByPath, type ServiceDefinition } from "@rollcall/rpc";

/** A method of the contract. */
export interface ContractMethod {
  readonly service: ServiceDefinition;
  /** Its name in the definition of its service, such as `getUser`. */
  readonly key: string;
  readonly method: Method;
  readonly policy: MethodPolicy;
}

/** The services of `user.v1`. */
export const services: readonly ServiceDefinition[] = [UserServiceDefinition, AuthServiceDefinition];

/** What every method of them demands, by its path. */
export const policies: ReadonlyMap<string, MethodPolicy> = new Map([
  ...policiesByPath(UserServiceDefinition, userServicePolicies),
  ...policiesByPath(AuthServiceDefinition, authServicePolicies),
]);

/** All methods of `user.v1` that have a policy. */
export const methods: readonly ContractMethod[] = services.flatMap((service) =>
  Object.entries(service.methods).flatMap(([key, definition]) => {
    const method = methodOf(service, definition);
    const policy = policies.get(method.path);
    return policy === undefined ? [] : [{ service, key, method, policy }];
  }),
);
