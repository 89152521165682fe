import type * as grpc from "@grpc/grpc-js";
import type { ServerInterceptor } from "@rollcall/rpc";
import type { Logger } from "./logger.js";
import type { Service } from "./service.js";

/** What surrounds the services' calls, and where what slips through is logged. */
export interface AddServicesOptions {
  readonly interceptors: readonly ServerInterceptor[];
  readonly logger: Logger;
}

/** Binds services and adds them to a server. */
export function addServices(
  server: grpc.Server,
  services: readonly Service[],
  { interceptors, logger }: AddServicesOptions,
): void {
  for (const service of services) {
    const bound = service.bind({
      interceptors,
      onUnexpectedError: (error, { method, peer }) => {
        logger.error({ error, method: method.path, peer }, "a call failed unexpectedly");
      },
    });
    server.addService(bound.service, bound.handlers);
  }
}
