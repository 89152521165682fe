import type { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import type { User } from "@rollcall/contracts/user/v1/user";
import { type CallOptions, type Client, type ClientInterceptor, Status, StatusError } from "@rollcall/rpc";
import { policies } from "../policies.js";
import type { Credentials } from "./credentials.js";
import { createIdentity, type Identity } from "./identity.js";

/** What {@link SignIn} works with. */
export interface SignInOptions {
  /** The calls of AuthService, with all interceptors. Asked for when there is a call to make. */
  readonly auth: () => Client<AuthServiceDefinition>;
  /** Whom to call as at first. Nobody by default. */
  readonly credentials: Credentials | undefined;
  /** Refuses to show credentials where others would see them. */
  readonly requireConfidential: () => void;
  /** Current time in milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Whom a client calls as, which may change while it is in use. */
export class SignIn {
  /** Shows the credentials in each call that needs any. Innermost of the standard order. */
  readonly interceptor: ClientInterceptor;
  readonly #options: SignInOptions;
  #current: Identity | undefined;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#current = options.credentials && this.#identify(options.credentials);
    this.interceptor = Object.assign(this.#intercept.bind(this), { concern: "auth" });
  }

  /** Whom calls are made as; undefined for nobody. */
  get current(): Identity | undefined {
    return this.#current;
  }

  /** Calls as somebody else from now on. A password is checked first; when it is wrong, nothing changes. */
  async signIn(credentials: Credentials, options: CallOptions = {}): Promise<User | undefined> {
    const identity = this.#identify(credentials);
    const user = await identity.session?.begin(options);
    this.#replace(identity);
    return user;
  }

  /** Ends the session that the client has begun, if any, and calls as nobody from now on. */
  async signOut(options: CallOptions = {}): Promise<void> {
    const identity = this.#current;
    try {
      if (identity?.session !== undefined) {
        identity.session.forgetPassword(); // or a session that is over would be begun again, to be ended
        await this.#options.auth().logout({}, options);
      }
    } catch (error) {
      if (!(error instanceof StatusError && error.code === Status.UNAUTHENTICATED)) {
        throw error;
      }
    } finally {
      this.leave(identity);
    }
  }

  /** Calls as nobody from now on, unless it is somebody else meanwhile. */
  leave(identity: Identity | undefined): void {
    if (this.#current === identity) {
      this.#replace(undefined);
    }
  }

  #replace(identity: Identity | undefined): void {
    const left = this.#current;
    this.#current = identity;
    left?.forgetToken();
  }

  #identify(credentials: Credentials): Identity {
    this.#options.requireConfidential();
    const { auth, now = Date.now } = this.#options;
    return createIdentity(
      credentials,
      {
        login: (request, options) => auth().login(request, options),
        refreshToken: (request, options) => auth().refreshToken(request, options),
      },
      now,
    );
  }

  #intercept(...[method]: Parameters<ClientInterceptor>): ReturnType<ClientInterceptor> {
    if (policies.get(method.path)?.access.kind === "public") {
      return undefined;
    }
    return (call, next) => {
      const layer = this.#current?.layerOf(method);
      return layer === undefined ? next() : layer(call, next);
    };
  }
}
