import type { AuthServiceDefinition, Tokens } from "@rollcall/contracts/user/v1/auth_service";
import type { User } from "@rollcall/contracts/user/v1/user";
import type { AccessToken } from "@rollcall/interceptors/client/auth";
import { type CallOptions, type Client, Status, StatusError } from "@rollcall/rpc";
import { accessTokenOf } from "./access-token-of.js";
import { AccessTokenSource } from "./access-token-source.js";
import { type PasswordCredentials, password } from "./credentials.js";
import { explainFailure } from "./explain-failure.js";

/** The calls by which sessions begin and go on. */
export type SessionCalls = Pick<Client<AuthServiceDefinition>, "login" | "refreshToken">;

interface Refusal {
  readonly error: unknown;
  readonly untilMs: number;
}

const refusalMs = 10_000;

/**
 * A person's session: begun by a Login when the first token is needed, kept going by refresh tokens, and begun again when the
 * server has ended it.
 */
export class PasswordSession {
  readonly tokens: AccessTokenSource;
  readonly #calls: SessionCalls;
  readonly #now: () => number;
  #credentials: PasswordCredentials | undefined;
  #refreshToken: string | undefined;
  #refusal: Refusal | undefined;

  /**
   * @param now - Current time in milliseconds since the epoch.
   */
  constructor(calls: SessionCalls, credentials: PasswordCredentials, now: () => number) {
    this.#calls = calls;
    this.#credentials = credentials;
    this.#now = now;
    this.tokens = new AccessTokenSource((signal) => this.#obtain(signal), now);
  }

  /** Begins a session now. */
  async begin(options: CallOptions): Promise<User | undefined> {
    const answer = await this.#logIn(options);
    if (answer !== undefined) {
      this.tokens.put(this.#take(answer.tokens));
    }
    return answer?.user;
  }

  /** Goes on with the session that a change of the password has begun. */
  adopt(tokens: Tokens | undefined, newPassword: string): void {
    if (this.#credentials !== undefined) {
      this.#credentials = password({ email: this.#credentials.email, password: newPassword });
    }
    this.#refusal = undefined;
    this.tokens.put(this.#take(tokens));
  }

  /** Begins no other session once this one has ended. */
  forgetPassword(): void {
    this.#credentials = undefined;
  }

  async #obtain(signal: AbortSignal): Promise<AccessToken | undefined> {
    const refreshed = await this.#refresh(signal);
    if (refreshed !== undefined) {
      return refreshed;
    }
    const answer = await this.#logIn({ signal });
    return answer && this.#take(answer.tokens);
  }

  /** The next token of the session; undefined when there is none, or the server has ended it. */
  async #refresh(signal: AbortSignal): Promise<AccessToken | undefined> {
    const refreshToken = this.#refreshToken;
    if (refreshToken === undefined) {
      return undefined;
    }
    this.#refreshToken = undefined; // a second use would look like theft
    try {
      const { tokens } = await this.#calls.refreshToken({ refreshToken }, { signal });
      return this.#take(tokens);
    } catch (error) {
      if (isSessionOver(error)) {
        return undefined;
      }
      if (isUnused(error)) {
        this.#refreshToken ??= refreshToken;
      }
      throw explainFailure("could not renew the session", error);
    }
  }

  /** Undefined when the password is known no more. */
  async #logIn(options: CallOptions) {
    if (this.#credentials === undefined) {
      return undefined;
    }
    if (this.#refusal !== undefined && this.#now() < this.#refusal.untilMs) {
      throw this.#refusal.error; // asking again would only have the server slow down whoever has the right password
    }
    const { email, revealPassword } = this.#credentials;
    try {
      return await this.#calls.login({ email, password: revealPassword() }, options);
    } catch (error) {
      const explained = explainFailure("could not sign in", error);
      this.#refusal = refusalOf(explained, this.#now());
      throw explained;
    }
  }

  #take(tokens: Tokens | undefined): AccessToken {
    if (tokens === undefined) {
      throw new StatusError(Status.INTERNAL, "the server answered without tokens", { received: true });
    }
    this.#refreshToken = tokens.refreshToken;
    return accessTokenOf(tokens, this.#now());
  }
}

function isSessionOver(error: unknown): boolean {
  return error instanceof StatusError && error.code === Status.UNAUTHENTICATED;
}

/**
 * Whether the server has hardly used the refresh token up. Where it is `UNAVAILABLE` it mostly was not reached; of other
 * failures nobody knows, and then the next token comes by a Login.
 */
function isUnused(error: unknown): boolean {
  return (
    error instanceof StatusError && (error.code === Status.UNAVAILABLE || error.code === Status.RESOURCE_EXHAUSTED)
  );
}

function refusalOf(error: unknown, nowMs: number): Refusal | undefined {
  const isRefused =
    error instanceof StatusError && (error.code === Status.UNAUTHENTICATED || error.code === Status.RESOURCE_EXHAUSTED);
  return isRefused ? { error, untilMs: nowMs + (error.retryDelayMs ?? refusalMs) } : undefined;
}
