import type { AccessToken } from "@rollcall/interceptors/client/auth";
import type { AccessTokenSource } from "../sign-in/access-token-source.js";
import type { Clock } from "./clock.js";

/** Whose token is renewed, and who hears of it. */
export interface RenewTokenOptions {
  readonly tokens: AccessTokenSource;
  /** Takes each new token, before the one before it runs out. */
  readonly send: (token: string) => void;
  readonly clock: Clock;
  /** Aborted when no more are needed. */
  readonly signal: AbortSignal;
}

interface ExpiringToken extends AccessToken {
  readonly expiresAt: Date;
}

const earlyMs = 60_000; // at most; as much as calls allow for
const retryMs = 1_000;
const askTimeoutMs = 10_000;

/**
 * Gets a new token each time before the last runs out, beginning with the newest that there is. Ends with a token that does
 * not run out, and where nobody has another to give.
 *
 * @throws why there is none, shortly before the last one runs out; and when the signal is aborted.
 */
export async function renewToken(options: RenewTokenOptions): Promise<void> {
  const { tokens, send, clock, signal } = options;
  let held = tokens.newest;
  while (isExpiring(held)) {
    const remainingMs = held.expiresAt.getTime() - clock.now();
    await clock.sleep(Math.max(remainingMs - Math.min(earlyMs, remainingMs / 10), 0), signal);
    held = await successorOf(held, options);
    if (held !== undefined) {
      send(held.token);
    }
  }
}

/** Another token, which is asked for until the last moment. Undefined: there is none, for no reason that is known. */
async function successorOf(held: ExpiringToken, options: RenewTokenOptions): Promise<AccessToken | undefined> {
  const { tokens, clock, signal } = options;
  for (;;) {
    const { token, failure } = await ask(held, tokens);
    if (token !== undefined && token.token !== held.token) {
      signal.throwIfAborted();
      return token;
    }
    if (clock.now() + retryMs >= held.expiresAt.getTime()) {
      if (failure !== undefined) {
        throw failure.error;
      }
      return undefined;
    }
    await clock.sleep(retryMs, signal);
  }
}

interface Answer {
  readonly token?: AccessToken | undefined;
  readonly failure?: { readonly error: unknown };
}

async function ask(held: AccessToken, tokens: AccessTokenSource): Promise<Answer> {
  try {
    return { token: await tokens.newerThan(held, AbortSignal.timeout(askTimeoutMs)) };
  } catch (error) {
    return { failure: { error } };
  }
}

function isExpiring(token: AccessToken | undefined): token is ExpiringToken {
  return token?.expiresAt !== undefined;
}
