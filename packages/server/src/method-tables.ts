import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { authServicePolicies } from "@rollcall/contracts/user/v1/auth_service.policy";
import { authServiceRedactions } from "@rollcall/contracts/user/v1/auth_service.redact";
import { authServiceRequestSchemas } from "@rollcall/contracts/user/v1/auth_service.schema";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";
import { userServiceRedactions } from "@rollcall/contracts/user/v1/user_service.redact";
import { userServiceRequestSchemas } from "@rollcall/contracts/user/v1/user_service.schema";
import { byPath, type MethodPolicy, policiesByPath } from "@rollcall/rpc";
import { ServerReflectionDefinition } from "./gen/grpc/reflection/v1/reflection.js";
import { ServerReflectionDefinition as ServerReflectionAlphaDefinition } from "./gen/grpc/reflection/v1alpha/reflection.js";
import { authRequestRules } from "./services/auth-request-rules.js";
import { userRequestRules } from "./services/user-request-rules.js";

/** Anybody may ask what the server offers. */
const forEverybody = { access: { kind: "public" }, audit: false } as const;

/** What each method asks of its callers, by its path. A method that is not in here is nobody's to call. */
export const methodPolicies: ReadonlyMap<string, MethodPolicy> = new Map([
  ...policiesByPath(UserServiceDefinition, userServicePolicies),
  ...policiesByPath(AuthServiceDefinition, authServicePolicies),
  ...policiesByPath(ServerReflectionDefinition, { serverReflectionInfo: forEverybody }),
  ...policiesByPath(ServerReflectionAlphaDefinition, { serverReflectionInfo: forEverybody }),
]);

/** The rules of each method's requests, as the contract has them. */
export const requestSchemas = joined(
  byPath(UserServiceDefinition, userServiceRequestSchemas),
  byPath(AuthServiceDefinition, authServiceRequestSchemas),
);

/** The rules that the contract cannot express. */
export const requestRules = joined(
  byPath(UserServiceDefinition, userRequestRules),
  byPath(AuthServiceDefinition, authRequestRules),
);

/** What must not be shown of each method's messages. */
export const redactions = joined(
  byPath(UserServiceDefinition, userServiceRedactions),
  byPath(AuthServiceDefinition, authServiceRedactions),
);

function joined<A, B>(one: ReadonlyMap<string, A>, other: ReadonlyMap<string, B>): ReadonlyMap<string, A | B> {
  return new Map<string, A | B>([...one, ...other]);
}
