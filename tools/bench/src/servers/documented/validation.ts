import * as grpc from "@grpc/grpc-js";
import { getUserRequestSchema } from "@rollcall/contracts/user/v1/user_service.schema";

/** Refuses requests that break a rule of the contract. */
export function validation(): grpc.ServerInterceptor {
  return (_method, call) => {
    const listener = new grpc.ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        const { success, error } = getUserRequestSchema.safeParse(message);
        if (success) {
          next(message);
        } else {
          call.sendStatus({ code: grpc.status.INVALID_ARGUMENT, details: error.message });
        }
      })
      .build();
    const responder = new grpc.ResponderBuilder()
      .withStart((next) => {
        next(listener);
      })
      .build();
    return new grpc.ServerInterceptingCall(call, responder);
  };
}
