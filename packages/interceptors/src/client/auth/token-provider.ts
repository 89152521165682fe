import { type ErrorCode, Status, StatusError } from "@rollcall/rpc";

/** A token, and how long it lasts. */
export interface AccessToken {
  readonly token: string;
  /** Undefined: until a server refuses it. */
  readonly expiresAt?: Date | undefined;
}

/**
 * Gets a new access token, such as by refreshing a session. Undefined: nobody is signed in. A StatusError that it throws ends
 * the calls that wait for the token as it stands; anything else ends them with `UNAVAILABLE`.
 *
 * @param signal - Aborted when the token is no longer wanted.
 */
export type TokenProvider = (signal: AbortSignal) => Promise<AccessToken | string | undefined>;

/** How a provider is asked. */
export interface AskOptions {
  /** How long the provider may take. */
  readonly timeoutMs: number;
  /** The domain of the `google.rpc.ErrorInfo` in the errors made here. */
  readonly domain: string | undefined;
}

const sendable = /^[\x21-\x7e]+$/;

/**
 * Asks for a token, and waits no longer than `timeoutMs` or until the wait is aborted, whether the provider heeds its signal
 * or not.
 *
 * @throws StatusError `UNAUTHENTICATED` where nobody is signed in, `UNAVAILABLE` where the provider fails or is late.
 */
export async function askForToken(
  provider: TokenProvider,
  abortion: AbortController,
  { timeoutMs, domain }: AskOptions,
): Promise<AccessToken> {
  const timer = setTimeout(() => {
    abortion.abort(unavailable(`the access token did not come within ${timeoutMs} ms`, domain));
  }, timeoutMs);
  try {
    const answer = await beforeAbort(provider, abortion.signal);
    return usable(answer, domain);
  } catch (error) {
    throw error instanceof StatusError ? error : unavailable("the access token could not be obtained", domain, error);
  } finally {
    clearTimeout(timer);
  }
}

/** The error of a call that needs a token when nobody is signed in. */
export function signedOut(domain: string | undefined): StatusError {
  const details = "there is no access token; sign in first";
  return localError(Status.UNAUTHENTICATED, details, { reason: "CREDENTIALS_REQUIRED", domain });
}

function beforeAbort(provider: TokenProvider, signal: AbortSignal): ReturnType<TokenProvider> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as StatusError); // nothing else aborts it
    });
    const ask = async () => provider(signal);
    ask().then(resolve, reject);
  });
}

function usable(answer: AccessToken | string | undefined, domain: string | undefined): AccessToken {
  const given = typeof answer === "string" ? { token: answer } : answer;
  if (given === undefined) {
    throw signedOut(domain);
  }
  if (!sendable.test(given.token)) {
    throw unavailable("the access token is empty, or holds what metadata cannot carry", domain);
  }
  if (Number.isNaN(given.expiresAt?.getTime())) {
    throw unavailable("the access token expires at an invalid date", domain);
  }
  return given;
}

function unavailable(details: string, domain: string | undefined, cause?: unknown): StatusError {
  return localError(Status.UNAVAILABLE, details, { reason: "CREDENTIALS_UNAVAILABLE", domain, cause });
}

/** An error that counts as the end of a call made here: a server that makes the call never passes it on to its own client. */
function localError(
  code: ErrorCode,
  details: string,
  { reason, domain, cause }: { readonly reason: string; readonly domain: string | undefined; readonly cause?: unknown },
): StatusError {
  const errorDetails = domain === undefined ? {} : { errorInfo: { reason, domain, metadata: {} } };
  return new StatusError(code, details, { errorDetails, cause, received: true });
}
