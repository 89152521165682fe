import type { AccessToken, TokenProvider } from "@rollcall/interceptors/client/auth";

/** Where one caller's access tokens come from. Calls and open streams share them: each is asked for once. */
export class AccessTokenSource {
  readonly #provider: TokenProvider;
  readonly #now: () => number;
  #newest: AccessToken | undefined;
  #request: Promise<AccessToken | undefined> | undefined;

  /**
   * @param now - Current time in milliseconds since the epoch.
   */
  constructor(provider: TokenProvider, now: () => number) {
    this.#provider = provider;
    this.#now = now;
  }

  /** The last token that there was; undefined before the first. */
  get newest(): AccessToken | undefined {
    return this.#newest;
  }

  /** Takes a token that came without being asked for. */
  put(token: AccessToken): void {
    this.#newest = token;
  }

  /**
   * Another token than `held`: the newest where that is another and still counts, else one that is asked for now. Undefined:
   * nobody is signed in.
   *
   * @param signal - Gives up the request, for all who wait for it, where it began with this.
   */
  newerThan(held: AccessToken | undefined, signal: AbortSignal): Promise<AccessToken | undefined> {
    const newest = this.#newest;
    if (newest !== undefined && newest.token !== held?.token && this.#counts(newest)) {
      return Promise.resolve(newest);
    }
    return this.#request ?? this.#ask(signal);
  }

  #counts({ expiresAt }: AccessToken): boolean {
    return expiresAt === undefined || this.#now() < expiresAt.getTime();
  }

  #ask(signal: AbortSignal): Promise<AccessToken | undefined> {
    const request = this.#load(signal);
    this.#request = request;
    const end = () => {
      if (this.#request === request) {
        this.#request = undefined;
      }
    };
    signal.addEventListener("abort", end, { once: true });
    request.then(end, end);
    return request;
  }

  async #load(signal: AbortSignal): Promise<AccessToken | undefined> {
    const answer = await beforeAbort(this.#provider(signal), signal);
    if (answer !== undefined) {
      this.#newest = typeof answer === "string" ? { token: answer } : answer;
    }
    return answer === undefined ? undefined : this.#newest;
  }
}

/** The promise's outcome, unless the signal is aborted first: a provider need not heed it. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = () => {
      reject(signal.reason as Error); // whatever the signal was aborted with
    };
    signal.addEventListener("abort", give, { once: true });
    promise.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", give);
    });
  });
}
