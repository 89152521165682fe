import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { authServicePolicies } from "@rollcall/contracts/user/v1/auth_service.policy";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";
import { type MethodPolicy, policiesByPath } from "@rollcall/rpc";

/** What the contract says of each method, by its path. */
export const policies: ReadonlyMap<string, MethodPolicy> = new Map([
  ...policiesByPath(UserServiceDefinition, userServicePolicies),
  ...policiesByPath(AuthServiceDefinition, authServicePolicies),
]);
