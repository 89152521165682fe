import type { TokenProvider } from "@rollcall/interceptors/client/auth";

/** What a client shows to prove who calls. Made by {@link password}, {@link apiKey} and {@link bearer}. */
export type Credentials = PasswordCredentials | ApiKeyCredentials | BearerCredentials;

/** A person's e-mail and password. Neither a log line nor a debugger that shows this shows the password. */
export interface PasswordCredentials {
  readonly kind: "password";
  readonly email: string;
  readonly revealPassword: () => string;
}

/** The key of a service. Neither a log line nor a debugger that shows this shows the key. */
export interface ApiKeyCredentials {
  readonly kind: "apiKey";
  readonly revealKey: () => string;
}

/** Access tokens from elsewhere. */
export interface BearerCredentials {
  readonly kind: "bearer";
  readonly provider: TokenProvider;
}

/** Who signs in. */
export interface EmailAndPassword {
  readonly email: string;
  readonly password: string;
}

const sendable = /^[\x21-\x7e]+$/;

/**
 * Signs a person in by e-mail and password. The client then keeps the session going by itself, and begins another when the
 * server has ended it.
 *
 * @throws TypeError without an e-mail or without a password, such as one from a variable that is not set.
 */
export function password({ email, password: secret }: EmailAndPassword): PasswordCredentials {
  for (const [name, value] of Object.entries({ email, password: secret })) {
    if (typeof value !== "string" || value === "") {
      throw new TypeError(`the ${name} to sign in with is empty`);
    }
  }
  return { kind: "password", email, revealPassword: () => secret };
}

/**
 * Signs a service in by an API key, as `auth.createApiKey` answered it.
 *
 * @param secret - Travels with each call, as `x-api-key`.
 * @throws TypeError for a key that metadata cannot carry.
 */
export function apiKey(secret: string): ApiKeyCredentials {
  if (typeof secret !== "string" || !sendable.test(secret)) {
    throw new TypeError("the API key to sign in with is empty, or holds more than printable ASCII without spaces");
  }
  return { kind: "apiKey", revealKey: () => secret };
}

/**
 * Signs in by access tokens from elsewhere, such as an issuer that the server was told to trust.
 *
 * @param provider - Gets an access token. It is asked for the first call, shortly before a token expires and when the server
 *   refuses one, once for all calls at the time. Without `expiresAt` a chat ends with its token.
 */
export function bearer(provider: TokenProvider): BearerCredentials {
  if (typeof provider !== "function") {
    throw new TypeError("bearer takes a function that gets an access token");
  }
  return { kind: "bearer", provider };
}
