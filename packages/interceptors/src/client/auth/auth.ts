import { type ClientInterceptor, type InterceptedClientCall, type Method, Status, StatusError } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { AccessTokens, type AccessTokensOptions } from "./access-tokens.js";
import { withinCall } from "./within-call.js";

export { apiKey, type ApiKeyOptions } from "./api-key.js";
export type { AccessToken, TokenProvider } from "./token-provider.js";

/** Where access tokens come from, and which calls bear them. */
export interface AuthOptions extends AccessTokensOptions {
  /** Which methods need a token. Leave out those by which people sign in. Defaults to all. */
  readonly applies?: ((method: Method) => boolean) | undefined;
  /**
   * Whether a server that ended a call this way refused its token. Defaults to `UNAUTHENTICATED` with the reason
   * `CREDENTIALS_REJECTED`, or without any: other reasons speak of something else, such as a wrong password in the request.
   */
  readonly isRefusal?: ((error: StatusError) => boolean) | undefined;
}

/** The interceptor, and what it remembers. */
export interface Auth extends ClientInterceptor {
  /** Forgets the access token, as when somebody signs out or in: the next call asks the provider. */
  forget(): void;
}

/**
 * Sends an access token with each call, as `authorization: Bearer …`, unless the caller of the method gave one. The provider
 * is asked for the first call and shortly before a token expires, once for all calls at the time. When a server refuses a
 * token, it is replaced, and the call made again where it is unary; a stream ends, and the next one has the new token.
 *
 * Use it over channels that are encrypted or lead to this machine: an interceptor cannot see where a call goes.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @throws TypeError for a time that is not above 0.
 */
export function auth(options: AuthOptions): Auth {
  const { applies = () => true, isRefusal = refusesToken } = options;
  const tokens = new AccessTokens(options);
  const refused = (error: unknown) => error instanceof StatusError && error.received && isRefusal(error);
  const interceptor = withConcern<InterceptedClientCall>("auth", (method) => {
    if (!applies(method)) {
      return undefined;
    }
    const repeats = method.kind === "unary";
    return async function auth(call, next) {
      if (call.metadata.has("authorization")) {
        return next();
      }
      const held = tokens.get();
      const token = typeof held === "string" ? held : await withinCall(held, call);
      try {
        call.metadata.set("authorization", `Bearer ${token}`);
        await next();
      } catch (error) {
        if (!refused(error)) {
          throw error;
        }
        tokens.refuse(token);
        const replaced = repeats ? await withinCall(Promise.resolve(tokens.get()), call) : token;
        if (replaced === token) {
          throw error;
        }
        call.metadata.set("authorization", `Bearer ${replaced}`);
        await next();
      } finally {
        call.metadata.delete("authorization"); // a repeat by another interceptor gets the token of its time
      }
    };
  });
  return Object.assign(interceptor, {
    forget: () => {
      tokens.forget();
    },
  });
}

function refusesToken({ code, reason }: StatusError): boolean {
  return code === Status.UNAUTHENTICATED && (reason === undefined || reason === "CREDENTIALS_REJECTED");
}
