import * as grpc from "@grpc/grpc-js";
import type { Method } from "../method.js";
import type { ServiceConfig } from "../policy/service-config.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import type { OutgoingCall, Transport } from "../transport.js";
import { type ArgumentRule, toChannelArguments, wholeNumber } from "./channel-arguments.js";
import { Connection } from "./connection.js";
import { performStream } from "./perform-stream.js";
import { performUnary } from "./perform-unary.js";
import { channelCredentials, type TlsOptions } from "./tls.js";

/** Where the server is, how to reach it, and bounds on what it may send. */
export interface ChannelOptions {
  /** The server, as `host:port`, `unix:/path/to/socket`, or any other target that gRPC knows. */
  readonly address: string;
  /**
   * Whether to encrypt. Defaults to true, with the authorities that Node trusts, except for addresses on this machine.
   * `false` sends everything in the clear.
   */
  readonly tls?: boolean | TlsOptions | undefined;
  /** How long an attempt to connect may take before the calls that wait for it fail with `UNAVAILABLE`. Defaults to 20 seconds. */
  readonly connectTimeoutMs?: number | undefined;
  /** Largest response (`grpc.max_receive_message_length`); a larger one ends the call with `RESOURCE_EXHAUSTED`. Defaults to 4 MiB. */
  readonly maxReceiveBytes?: number | undefined;
  /** Largest request (`grpc.max_send_message_length`); a larger one ends the call with `RESOURCE_EXHAUSTED`. Defaults to 4 MiB. */
  readonly maxSendBytes?: number | undefined;
  /** How often a connection with calls is asked whether the server is still there (`grpc.keepalive_time_ms`). Off by default. */
  readonly keepaliveMs?: number | undefined;
  /** How long the server has to answer (`grpc.keepalive_timeout_ms`). Defaults to 20 seconds. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /** How long a connection without calls is kept (`grpc.client_idle_timeout_ms`). Defaults to 30 minutes. */
  readonly idleTimeoutMs?: number | undefined;
  /**
   * What the channel does with calls without being told by each: how long they may take, and which it repeats
   * (`grpc.service_config`). A generated one says what the contract allows. Repeats nothing by default.
   */
  readonly serviceConfig?: ServiceConfig | undefined;
  /** Longest pause between two attempts to connect (`grpc.max_reconnect_backoff_ms`). Defaults to 120 seconds. */
  readonly maxReconnectBackoffMs?: number | undefined;
}

/** How long to wait for a connection. */
export interface ConnectOptions {
  /** When to stop waiting. Defaults to the channel's `connectTimeoutMs` from now. */
  readonly deadline?: Date | undefined;
}

/** Carries calls to one server over as many connections as that takes. */
export interface Channel extends Transport {
  readonly address: string;
  /**
   * Connects now, to fail early on a server that cannot be reached. Without it the first call connects, and waits for that
   * up to its own deadline.
   *
   * @throws {@link StatusError} `UNAVAILABLE` if the server is not reached in time.
   */
  connect(options?: ConnectOptions): Promise<void>;
  /** Ends the connections once their calls have ended. New calls fail with `UNAVAILABLE`. */
  close(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

const mebibyte = 1024 * 1024;
/**
 * grpc-js keeps what a call has sent, to send it again where a server has not looked at it, and takes more without waiting
 * until this much is kept. Its own 1 MiB is a hundred thousand small messages, for which nothing else would run.
 */
const retryBufferBytes = 64 * 1024;
const defaultConnectTimeoutMs = 20_000; // the least that gRPC's connection back-off asks for

const rules = {
  maxReceiveBytes: { argument: "grpc.max_receive_message_length", byDefault: 4 * mebibyte },
  maxSendBytes: { argument: "grpc.max_send_message_length", byDefault: 4 * mebibyte },
  keepaliveMs: { argument: "grpc.keepalive_time_ms" },
  keepaliveTimeoutMs: { argument: "grpc.keepalive_timeout_ms" },
  idleTimeoutMs: { argument: "grpc.client_idle_timeout_ms" },
  maxReconnectBackoffMs: { argument: "grpc.max_reconnect_backoff_ms" },
} satisfies Record<string, ArgumentRule>;

/**
 * Makes a channel to a server. It connects when the first call is made, or on {@link Channel.connect}, and again
 * whenever a connection is lost.
 *
 * @throws TypeError for an option that is unknown or out of range.
 */
export function createChannel(options: ChannelOptions): Channel {
  const { address, tls, connectTimeoutMs = defaultConnectTimeoutMs, serviceConfig, ...bounds } = options;
  wholeNumber("connectTimeoutMs", connectTimeoutMs);
  const credentials = channelCredentials(address, tls);
  const channelArguments: grpc.ClientOptions = {
    ...toChannelArguments(rules, bounds),
    ...(typeof tls === "object" && tls.serverName !== undefined ? serverName(tls.serverName) : {}),
    ...(serviceConfig === undefined ? {} : { "grpc.service_config": JSON.stringify(serviceConfig) }),
    "grpc.service_config_disable_resolution": 1, // what DNS says must not change what a program was written to do
    "grpc.enable_channelz": 0, // costs a twentieth of every call, and nothing here shows it
    "grpc.per_rpc_retry_buffer_size": retryBufferBytes,
    "grpc.use_local_subchannel_pool": 1, // a replaced client must not find the connection that it was replaced for
  };
  const connect = () => new grpc.Client(address, credentials, channelArguments);
  return new GrpcChannel(address, connectTimeoutMs, new Connection(address, connectTimeoutMs, connect));
}

function serverName(name: string): grpc.ClientOptions {
  return { "grpc.ssl_target_name_override": name, "grpc.default_authority": name };
}

class GrpcChannel implements Channel {
  readonly #connectTimeoutMs: number;
  readonly #connection: Connection;

  constructor(
    readonly address: string,
    connectTimeoutMs: number,
    connection: Connection,
  ) {
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#connection = connection;
  }

  unary(method: Method, request: unknown, call: OutgoingCall): Promise<unknown> {
    return performUnary(this.#connection, method, request, call);
  }

  stream(method: Method, requests: AsyncIterable<unknown>, call: OutgoingCall): AsyncIterableIterator<unknown> {
    return performStream(this.#connection, method, requests, call);
  }

  async connect({ deadline = new Date(Date.now() + this.#connectTimeoutMs) }: ConnectOptions = {}): Promise<void> {
    const { client } = this.#connection;
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(deadline, (error) => {
        if (error === undefined) {
          resolve();
        } else {
          const details = `could not connect to ${this.address} by ${deadline.toISOString()}`;
          reject(new StatusError(Status.UNAVAILABLE, details, { cause: error, received: true }));
        }
      });
    });
  }

  close(): void {
    this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
