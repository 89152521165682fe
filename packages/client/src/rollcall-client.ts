import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { userServiceConfig, userServicePolicies } from "@rollcall/contracts/user/v1/user_service.policy";
import { defaultDeadline } from "@rollcall/interceptors/client/default-deadline";
import { type Client, type ClientInterceptor, createClient, type Method, policiesByPath } from "@rollcall/rpc";
import { type Channel, type ChannelOptions, type ConnectOptions, createChannel } from "@rollcall/rpc/grpc";

/** Where the server is and how to talk to it. */
export interface RollcallClientOptions extends Omit<ChannelOptions, "serviceConfig"> {
  /** Surround every call, the first outermost. None by default. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/** Rollcall, as a program uses it. */
export interface RollcallClient {
  /** Users and their chat: the methods of `user.v1.UserService`. */
  readonly users: Client<UserServiceDefinition>;
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

const policies = policiesByPath(UserServiceDefinition, userServicePolicies);

/**
 * Makes a client of a Rollcall server. It encrypts unless the address is on this machine, and connects when the first
 * call is made. A call that brings no deadline gets the contract's, and calls that the contract says are safe to repeat
 * are repeated when the server is unavailable.
 *
 * Every call fails with a {@link StatusError}: switch on its `code`, or on its `reason`, which is a value of
 * `user.v1.ErrorReason`.
 *
 * @throws TypeError for an option that is unknown or out of range.
 */
export function createRollcallClient(options: RollcallClientOptions): RollcallClient {
  const { interceptors = [], ...channelOptions } = options;
  const channel = createChannel({ ...channelOptions, serviceConfig: userServiceConfig });
  const timeoutMs = ({ path }: Method) => policies.get(path)?.defaultDeadlineMs;
  return {
    users: createClient(UserServiceDefinition, channel, {
      interceptors: [defaultDeadline({ timeoutMs }), ...interceptors],
    }),
    ...connectionOf(channel),
  };
}

function connectionOf(channel: Channel): Omit<RollcallClient, "users"> {
  return {
    connect: (options) => channel.connect(options),
    close: () => {
      channel.close();
    },
    [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
  };
}
