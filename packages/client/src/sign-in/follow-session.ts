import {
  AuthServiceDefinition,
  type ChangePasswordRequest,
  type ChangePasswordResponse,
} from "@rollcall/contracts/user/v1/auth_service";
import { type ClientInterceptor, type InterceptedClientCall, type Layer, methodOf } from "@rollcall/rpc";
import type { Identity } from "./identity.js";
import type { SignIn } from "./sign-in.js";

type Followed = (identity: Identity, call: InterceptedClientCall) => void;

const { changePassword, logout } = AuthServiceDefinition.methods;

/**
 * Keeps the client signed in when it changes the password of whom it calls as, since that ends the session and begins another;
 * and has it call as nobody once it has logged them out.
 */
export function followSession(signIn: SignIn): ClientInterceptor {
  const follow = (followed: Followed): Layer<InterceptedClientCall> =>
    async function followSession(call, next) {
      const identity = call.metadata.has("authorization") ? undefined : signIn.current; // else it is about somebody else
      await next();
      if (identity?.session !== undefined) {
        followed(identity, call);
      }
    };
  return (method) => {
    switch (method.path) {
      case methodOf(AuthServiceDefinition, changePassword).path:
        return follow(adoptSession);
      case methodOf(AuthServiceDefinition, logout).path:
        return follow((identity) => {
          signIn.leave(identity);
        });
      default:
        return undefined;
    }
  };
}

function adoptSession({ session, forgetToken }: Identity, call: InterceptedClientCall): void {
  // The messages of this method, as its definition says.
  const { newPassword } = call.request as ChangePasswordRequest;
  const { tokens } = call.response as ChangePasswordResponse;
  session?.adopt(tokens, newPassword);
  forgetToken();
}
