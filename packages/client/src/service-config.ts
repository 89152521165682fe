import { authServiceConfig, authServiceHedgingConfig } from "@rollcall/contracts/user/v1/auth_service.policy";
import { userServiceConfig, userServiceHedgingConfig } from "@rollcall/contracts/user/v1/user_service.policy";
import { joinServiceConfigs, type ServiceConfig } from "@rollcall/rpc";

/** What the channel does with the calls of all services by itself. */
export function serviceConfigOf(hedging: boolean): ServiceConfig {
  return hedging
    ? joinServiceConfigs([userServiceHedgingConfig, authServiceHedgingConfig])
    : joinServiceConfigs([userServiceConfig, authServiceConfig]);
}
