import { askForToken, signedOut, type TokenProvider } from "./token-provider.js";

/** Where tokens come from, and when. */
export interface AccessTokensOptions {
  readonly provider: TokenProvider;
  /**
   * How long before it expires a token is replaced, at most a tenth of the time that it lasts. Calls use the old one
   * meanwhile. Defaults to 1 minute.
   */
  readonly refreshEarlyMs?: number | undefined;
  /** How long the provider may take. Defaults to 10 seconds. */
  readonly timeoutMs?: number | undefined;
  /** The domain of the `google.rpc.ErrorInfo` in the errors made here. Without it they have none. */
  readonly domain?: string | undefined;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

interface HeldToken {
  readonly token: string;
  readonly expiresAtMs: number;
  refreshAtMs: number;
}

interface Refresh {
  readonly token: Promise<string>;
  readonly abortion: AbortController;
}

const retryMs = 1_000;

/** The current access token, for any number of calls: one refresh at a time serves them all. */
export class AccessTokens {
  readonly #provider: TokenProvider;
  readonly #refreshEarlyMs: number;
  readonly #timeoutMs: number;
  readonly #domain: string | undefined;
  readonly #now: () => number;
  #held: HeldToken | undefined;
  #refresh: Refresh | undefined;

  /**
   * @throws TypeError for a time that is not above 0.
   */
  constructor({ provider, refreshEarlyMs = 60_000, timeoutMs = 10_000, domain, now = Date.now }: AccessTokensOptions) {
    for (const [name, value] of Object.entries({ refreshEarlyMs, timeoutMs })) {
      if (!Number.isFinite(value) || value <= 0) {
        throw new TypeError(`${name} is ${value}; it takes a number of milliseconds above 0`);
      }
    }
    this.#provider = provider;
    this.#refreshEarlyMs = refreshEarlyMs;
    this.#timeoutMs = timeoutMs;
    this.#domain = domain;
    this.#now = now;
  }

  /** The token to send now; a promise while there is none. */
  get(): string | Promise<string> {
    const held = this.#held;
    const nowMs = this.#now();
    if (held !== undefined && nowMs < held.refreshAtMs) {
      return held.token;
    }
    this.#refresh ??= this.#start();
    if (held === undefined || nowMs >= held.expiresAtMs) {
      return this.#refresh.token;
    }
    held.refreshAtMs = nowMs + retryMs; // the old one still counts, so there is time to try again if this fails
    return held.token;
  }

  /** A server refused this token: unless it has been replaced since, the next call waits for another. */
  refuse(token: string): void {
    if (this.#held?.token === token) {
      this.#held = undefined;
    }
  }

  /** Drops the token. Calls that wait for one end with `UNAUTHENTICATED`. */
  forget(): void {
    this.#held = undefined;
    this.#refresh?.abortion.abort(signedOut(this.#domain));
    this.#refresh = undefined;
  }

  #start(): Refresh {
    const abortion = new AbortController();
    const refresh: Refresh = { token: this.#load(abortion), abortion };
    const end = () => {
      if (this.#refresh === refresh) {
        this.#refresh = undefined;
      }
    };
    refresh.token.then(end, end);
    return refresh;
  }

  async #load(abortion: AbortController): Promise<string> {
    const options = { timeoutMs: this.#timeoutMs, domain: this.#domain };
    const { token, expiresAt } = await askForToken(this.#provider, abortion, options);
    abortion.signal.throwIfAborted();
    const expiresAtMs = expiresAt?.getTime() ?? Infinity;
    const earlyMs = Math.min(this.#refreshEarlyMs, (expiresAtMs - this.#now()) / 10);
    this.#held = { token, expiresAtMs, refreshAtMs: expiresAtMs - earlyMs };
    return token;
  }
}
