import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import type { Rooms } from "./chat/rooms.js";
import type { Config } from "./config.js";
import type { Identity } from "./identity/create-identity.js";
import type { Passwords } from "./passwords.js";
import { createService, type Service } from "./service.js";
import { createAuthService } from "./services/auth-service.js";
import { createUserService } from "./services/user-service.js";
import type { Store } from "./storage/store.js";

/** What services are made of. */
export interface ServiceParts {
  readonly config: Config;
  readonly store: Store;
  readonly rooms: Rooms;
  readonly passwords: Passwords;
  readonly identity: Pick<Identity, "sessions" | "throttle">;
}

/** The services that Rollcall offers, one per line. Health and reflection come by themselves. */
export function createServices({ config, identity, ...parts }: ServiceParts): readonly Service[] {
  const { maxUsersPerCall, registration } = config;
  return [
    createService(UserServiceDefinition, createUserService({ ...parts, maxUsersPerCall })),
    createService(AuthServiceDefinition, createAuthService({ ...parts, ...identity, registration })),
  ];
}
