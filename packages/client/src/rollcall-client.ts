import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { defaultDeadline } from "@rollcall/interceptors/client/default-deadline";
import { type Client, type ClientInterceptor, createClient, type Method } from "@rollcall/rpc";
import { type Channel, type ChannelOptions, type ConnectOptions, createChannel } from "@rollcall/rpc/grpc";

/** Where the server is and how to talk to it. */
export interface RollcallClientOptions extends ChannelOptions {
  /** Time for a call that answers with one message and brings no deadline. Defaults to 10 seconds. */
  readonly callTimeoutMs?: number | undefined;
  /**
   * Time for a call that streams in one direction and brings no deadline, from its first message to its last. Defaults to
   * 10 minutes. Chat has no deadline unless it brings one.
   */
  readonly streamTimeoutMs?: number | undefined;
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

const defaultCallTimeoutMs = 10_000;
const defaultStreamTimeoutMs = 600_000;

/**
 * Makes a client of a Rollcall server. It encrypts unless the address is on this machine, and connects when the first
 * call is made.
 *
 * Every call fails with a {@link StatusError}: switch on its `code`, or on its `reason`, which is a value of
 * `user.v1.ErrorReason`.
 *
 * @throws TypeError for an option that is unknown or out of range.
 */
export function createRollcallClient(options: RollcallClientOptions): RollcallClient {
  const {
    callTimeoutMs = defaultCallTimeoutMs,
    streamTimeoutMs = defaultStreamTimeoutMs,
    interceptors = [],
    ...channelOptions
  } = options;
  const channel = createChannel(channelOptions);
  const timeoutMs = (method: Method) => timeoutOf(method, callTimeoutMs, streamTimeoutMs);
  return {
    users: createClient(UserServiceDefinition, channel, {
      interceptors: [defaultDeadline({ timeoutMs }), ...interceptors],
    }),
    ...connectionOf(channel),
  };
}

function timeoutOf(method: Method, callTimeoutMs: number, streamTimeoutMs: number): number | undefined {
  switch (method.kind) {
    case "unary":
      return callTimeoutMs;
    case "serverStreaming":
    case "clientStreaming":
      return streamTimeoutMs;
    case "bidiStreaming":
      return undefined;
  }
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
