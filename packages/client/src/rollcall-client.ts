import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import type { User } from "@rollcall/contracts/user/v1/user";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type CallOptions, type Client, createClient } from "@rollcall/rpc";
import { type Channel, type ChannelOptions, type ConnectOptions, createChannel } from "@rollcall/rpc/grpc";
import { keepAuthorised } from "./chat/keep-authorised.js";
import { serviceConfigOf } from "./service-config.js";
import type { Credentials } from "./sign-in/credentials.js";
import { followSession } from "./sign-in/follow-session.js";
import { requireConfidential } from "./sign-in/require-confidential.js";
import { SignIn } from "./sign-in/sign-in.js";
import { type InterceptorOptions, standardInterceptors } from "./standard-interceptors.js";

/** Where the server is, how to talk to it, and as whom. */
export interface RollcallClientOptions extends Omit<ChannelOptions, "serviceConfig">, InterceptorOptions {
  /**
   * Who calls: `password({ email, password })`, `apiKey(secret)` or `bearer(provider)`. Nobody by default, which is enough for
   * what the contract calls public; {@link RollcallClient.signIn} says so later.
   */
  readonly auth?: Credentials | undefined;
  /**
   * Whether credentials may be sent over a connection that leaves this machine and is not encrypted, since the network itself
   * encrypts it, as a service mesh does. Defaults to false.
   */
  readonly allowPlaintext?: boolean | undefined;
  /**
   * Whether calls that read are made a second time when the first answer is late, and the first to arrive counts. Costs the
   * server more calls, and saves callers from slow ones. Defaults to false.
   */
  readonly hedging?: boolean | undefined;
}

/** Rollcall, as a program uses it. */
export interface RollcallClient {
  /**
   * Users and their chat: the methods of `user.v1.UserService`. A chat outlives the access token that it began with: the client
   * sends the server the next one.
   */
  readonly users: Client<UserServiceDefinition>;
  /**
   * Accounts, API keys and the audit log: the methods of `user.v1.AuthService`. The tokens that `login` and `register` answer
   * are the caller's own; to have the client make its calls with them, use {@link signIn}.
   */
  readonly auth: Client<AuthServiceDefinition>;
  /**
   * Makes calls in somebody's name from now on. A password is checked at once, and when it is wrong nothing changes; other
   * credentials are first seen by the server with the next call. The session before, if any, goes on: {@link signOut} ends it.
   *
   * @returns who has signed in; undefined for credentials that say nothing of it
   * @throws {@link StatusError} `UNAUTHENTICATED` with the reason `INVALID_CREDENTIALS` for a wrong password.
   * @throws TypeError where the credentials would leave this machine in the clear.
   */
  signIn(credentials: Credentials, options?: CallOptions): Promise<User | undefined>;
  /**
   * Ends the session that the client has begun, and makes calls in nobody's name from now on, even where the server could not
   * be told.
   *
   * @throws {@link StatusError} where the server could not be told; the session then ends by itself in time.
   */
  signOut(options?: CallOptions): Promise<void>;
  /**
   * Connects now, to fail early on a server that cannot be reached. Without it the first call connects.
   *
   * @throws {@link StatusError} `UNAVAILABLE` if the server is not reached in time.
   */
  connect(options?: ConnectOptions): Promise<void>;
  /** Ends the connections once their calls have ended. New calls fail with `UNAVAILABLE`. */
  close(): void;
  /** The same as {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Makes a client of a Rollcall server. It encrypts unless the address is on this machine, and connects when the first
 * call is made. A call that brings no deadline gets the contract's, calls that the contract says are safe to repeat are
 * repeated when the server is unavailable, and a server that keeps failing is left alone for a while.
 *
 * With `auth` it signs in before the first call, and stays signed in. What a call needs and cannot get ends that call: with
 * the reason `INVALID_CREDENTIALS` for a wrong password, and with `UNAVAILABLE` where the server is not reached.
 *
 * Every call fails with a {@link StatusError}: switch on its `code`, or on its `reason`, which is a value of
 * `user.v1.ErrorReason`.
 *
 * @throws TypeError for an option that is unknown or out of range, and for credentials that would leave this machine in the
 *   clear.
 */
export function createRollcallClient(options: RollcallClientOptions): RollcallClient {
  const { auth: credentials, allowPlaintext, hedging = false, ...others } = options;
  const { logger, meter, tracing, interceptors: own = [], ...channelOptions } = others;
  const { address, tls } = channelOptions;
  const serviceConfig = serviceConfigOf(hedging);
  const signIn = new SignIn({
    auth: () => auth,
    credentials,
    requireConfidential: () => {
      requireConfidential({ address, tls, allowPlaintext });
    },
  });
  const interceptors = standardInterceptors({
    ...{ address, serviceConfig, logger, meter, tracing },
    interceptors: [...own, followSession(signIn)],
    auth: signIn.interceptor,
  });
  const channel = createChannel({ ...channelOptions, serviceConfig });
  const auth = createClient(AuthServiceDefinition, channel, { interceptors });
  const users = createClient(UserServiceDefinition, channel, { interceptors });
  return {
    users: { ...users, chat: keepAuthorised(users.chat, () => signIn.current?.tokens) },
    auth,
    signIn: (...given) => signIn.signIn(...given),
    signOut: (...given) => signIn.signOut(...given),
    ...connectionOf(channel),
  };
}

function connectionOf(channel: Channel): Pick<RollcallClient, "connect" | "close" | typeof Symbol.asyncDispose> {
  return {
    connect: (options) => channel.connect(options),
    close: () => {
      channel.close();
    },
    [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
  };
}
