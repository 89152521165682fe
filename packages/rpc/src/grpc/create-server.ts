import * as grpc from "@grpc/grpc-js";
import { type ArgumentRule, toChannelArguments, wholeNumber } from "./channel-arguments.js";
import { guardCalls } from "./guarded-call.js";

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
  /** Bytes of responses of one call that may be on their way to the socket at a time. Defaults to 64 KiB. */
  readonly sendWindowBytes?: number | undefined;
}

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;

const rules: Readonly<Record<Exclude<keyof ServerOptions, "sendWindowBytes">, ArgumentRule>> = {
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
 * A grpc-js server with bounds on everything that a client could exhaust. Add services to it, then {@link listen}.
 *
 * @throws TypeError for an option that is unknown, or not a whole number above 0.
 */
export function createServer({ sendWindowBytes = 64 * 1024, ...bounds }: ServerOptions = {}): grpc.Server {
  return new grpc.Server({
    ...toChannelArguments(rules, bounds),
    "grpc.enable_channelz": 0, // costs a twentieth of every call, and nothing here shows it
    interceptors: [guardCalls(wholeNumber("sendWindowBytes", sendWindowBytes))],
  });
}

/** Where each server listens, as `drain` wants it said. */
const addresses = new WeakMap<grpc.Server, string[]>();

/**
 * Opens a port for a server's clients.
 *
 * @param address - Such as `127.0.0.1:50051`, with port 0 for any that is free, or `unix:/path/to/socket`.
 * @returns the port.
 * @throws Error if the address cannot be had, with the reason in a sentence.
 */
export function listen(server: grpc.Server, address: string, credentials: grpc.ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) {
        addresses.set(server, [...(addresses.get(server) ?? []), address.replace(/:0$/, `:${String(port)}`)]);
        resolve(port);
      } else {
        reject(new Error(`cannot listen on ${address}: ${error.message}`, { cause: error }));
      }
    });
  });
}

/**
 * Stops a server that {@link listen}s: no new calls, and those that run have `graceMs` to end before they are cut off.
 *
 * @returns whether all calls ended by themselves.
 */
export async function shutDown(server: grpc.Server, graceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  // grpc-js's forceShutdown overlooks connections where channelz is off. `drain` cuts them off, if it sees them first.
  for (const address of addresses.get(server) ?? []) {
    server.drain(address, graceMs);
  }
  const ended = new Promise<boolean>((resolve) => {
    server.tryShutdown((error) => {
      resolve(error === undefined);
    });
  });
  const overdue = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, graceMs, false);
  });
  const succeeded = await Promise.race([ended, overdue]);
  clearTimeout(timer);
  server.forceShutdown();
  return succeeded;
}
