import * as grpc from "@grpc/grpc-js";
import { type ArgumentRule, toChannelArguments, wholeNumber } from "./channel-arguments.js";
import { guardCalls } from "./guarded-call.js";
import { UnreadResponses, unreadResponsesOf } from "./unread-responses.js";

/** Bounds on what clients may ask of a server. Each is told to grpc-js as the channel argument in its comment. */
export interface ServerOptions {
  /** Calls that one connection may have open at a time (`grpc.max_concurrent_streams`). Defaults to 100. */
  readonly maxConcurrentStreams?: number | undefined;
  /** Largest request (`grpc.max_receive_message_length`); a larger one ends the call with `RESOURCE_EXHAUSTED`. Defaults to 4 MiB. */
  readonly maxReceiveBytes?: number | undefined;
  /** Largest response (`grpc.max_send_message_length`); a larger one ends the call with `RESOURCE_EXHAUSTED`. Defaults to 4 MiB. */
  readonly maxSendBytes?: number | undefined;
  /**
   * Memory that one connection may hold, in megabytes (`grpc-node.max_session_memory`). Beyond it, new calls on the
   * connection are refused until clients have read what they asked for. Defaults to 10.
   */
  readonly maxConnectionMemoryMb?: number | undefined;
  /** How long a connection without calls stays open (`grpc.max_connection_idle_ms`). Defaults to 5 minutes. */
  readonly maxConnectionIdleMs?: number | undefined;
  /** How long a connection may last before its client is asked to make another (`grpc.max_connection_age_ms`). Defaults to 30 minutes. */
  readonly maxConnectionAgeMs?: number | undefined;
  /** How long the calls of such a connection may go on (`grpc.max_connection_age_grace_ms`). Defaults to 30 seconds. */
  readonly maxConnectionAgeGraceMs?: number | undefined;
  /** How often a connection is asked whether its client is still there (`grpc.keepalive_time_ms`). Defaults to 60 seconds. */
  readonly keepaliveMs?: number | undefined;
  /** How long the client has to answer (`grpc.keepalive_timeout_ms`). Defaults to 20 seconds. */
  readonly keepaliveTimeoutMs?: number | undefined;
  /**
   * Bytes of responses that may wait for their clients to read them, over all connections. Beyond it unary methods that
   * give large responses end with `UNAVAILABLE`, once those clients that read nothing have been cut off. Defaults to 128 MiB.
   */
  readonly maxUnreadBytes?: number | undefined;
  /** How long a client may read nothing of a response, in milliseconds, before its call is reset. Defaults to 30 seconds. */
  readonly maxStallMs?: number | undefined;
  /** Bytes of responses of one call that may be on their way to the socket at a time. Defaults to 64 KiB. */
  readonly sendWindowBytes?: number | undefined;
}

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;

/** What grpc-js knows nothing of. */
type OwnOption = "sendWindowBytes" | "maxUnreadBytes" | "maxStallMs";

const rules: Readonly<Record<Exclude<keyof ServerOptions, OwnOption>, ArgumentRule>> = {
  maxConcurrentStreams: { argument: "grpc.max_concurrent_streams", byDefault: 100 },
  maxReceiveBytes: { argument: "grpc.max_receive_message_length", byDefault: 4 * mebibyte },
  maxSendBytes: { argument: "grpc.max_send_message_length", byDefault: 4 * mebibyte },
  maxConnectionMemoryMb: { argument: "grpc-node.max_session_memory", byDefault: 10 },
  maxConnectionIdleMs: { argument: "grpc.max_connection_idle_ms", byDefault: 5 * minuteMs },
  maxConnectionAgeMs: { argument: "grpc.max_connection_age_ms", byDefault: 30 * minuteMs },
  maxConnectionAgeGraceMs: { argument: "grpc.max_connection_age_grace_ms", byDefault: minuteMs / 2 },
  keepaliveMs: { argument: "grpc.keepalive_time_ms", byDefault: minuteMs },
  keepaliveTimeoutMs: { argument: "grpc.keepalive_timeout_ms", byDefault: minuteMs / 3 },
};

/**
 * A grpc-js server with bounds on everything that a client could exhaust. Add services to it, then `listen`.
 *
 * @throws TypeError for an option that is unknown, or not a whole number above 0.
 */
export function createServer(options: ServerOptions = {}): grpc.Server {
  const {
    sendWindowBytes = 64 * 1024,
    maxUnreadBytes = 128 * mebibyte,
    maxStallMs = minuteMs / 2,
    ...bounds
  } = options;
  const unread = new UnreadResponses({
    maxBytes: wholeNumber("maxUnreadBytes", maxUnreadBytes),
    maxStallMs: wholeNumber("maxStallMs", maxStallMs),
  });
  const server = new grpc.Server({
    ...toChannelArguments(rules, bounds),
    "grpc.enable_channelz": 0, // costs a twentieth of every call, and nothing here shows it
    interceptors: [guardCalls({ windowBytes: wholeNumber("sendWindowBytes", sendWindowBytes), unread })],
  });
  unreadResponsesOf.set(server, unread);
  return server;
}
