import { type AccessToken, apiKey, auth, type TokenProvider } from "@rollcall/interceptors/client/auth";
import type { ClientInterceptor, InterceptedClientCall, Layer, Method } from "@rollcall/rpc";
import { errorDomain } from "../error-domain.js";
import { AccessTokenSource } from "./access-token-source.js";
import type { Credentials } from "./credentials.js";
import { PasswordSession, type SessionCalls } from "./password-session.js";

/** Whoever a client makes its calls as. */
export interface Identity {
  /** Shows the credentials in a method's calls. */
  readonly layerOf: (method: Method) => Layer<InterceptedClientCall> | undefined;
  /** Where the access tokens come from; undefined for an API key. */
  readonly tokens: AccessTokenSource | undefined;
  /** The session that the client has begun; undefined where it signs in by other means. */
  readonly session: PasswordSession | undefined;
  /** Has calls take another access token, and those that wait for one fail. */
  readonly forgetToken: () => void;
}

/**
 * Makes ready to call as somebody. Nothing is sent yet.
 *
 * @param now - Current time in milliseconds since the epoch.
 */
export function createIdentity(credentials: Credentials, calls: SessionCalls, now: () => number): Identity {
  switch (credentials.kind) {
    case "password": {
      const session = new PasswordSession(calls, credentials, now);
      return bearing(session.tokens, session, now);
    }
    case "bearer":
      return bearing(new AccessTokenSource(credentials.provider, now), undefined, now);
    case "apiKey":
      return {
        layerOf: rememberLayers(apiKey({ key: credentials.revealKey() })),
        tokens: undefined,
        session: undefined,
        forgetToken: () => undefined,
      };
  }
}

function bearing(tokens: AccessTokenSource, session: PasswordSession | undefined, now: () => number): Identity {
  const interceptor = auth({ provider: providerOf(tokens), domain: errorDomain, now });
  return {
    layerOf: rememberLayers(interceptor),
    tokens,
    session,
    forgetToken: () => {
      interceptor.forget();
    },
  };
}

/** Gives calls the newest token: each time they ask, it is for another than they had. */
function providerOf(tokens: AccessTokenSource): TokenProvider {
  let held: AccessToken | undefined;
  return async (signal) => {
    held = await tokens.newerThan(held, signal);
    return held;
  };
}

/** An interceptor is asked once for each method. */
function rememberLayers(interceptor: ClientInterceptor): Identity["layerOf"] {
  const layers = new Map<string, Layer<InterceptedClientCall> | undefined>();
  return (method) => {
    if (!layers.has(method.path)) {
      layers.set(method.path, interceptor(method));
    }
    return layers.get(method.path);
  };
}
