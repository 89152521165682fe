import type * as grpc from "@grpc/grpc-js";
import { GrpcListener, type Listener, type ListenerOptions } from "./listener.js";

const listeners = new WeakMap<grpc.Server, GrpcListener[]>();

/**
 * Opens a port for a server's clients.
 *
 * The sockets are the server's own and are handed to grpc-js, so that their number and their silence are bounded, which
 * grpc-js does not do.
 *
 * @param address - Such as `127.0.0.1:50051`, with port 0 for any that is free, or `unix:/path/to/socket`.
 * @throws Error if the address cannot be had, with the reason in a sentence.
 */
export async function listen(server: grpc.Server, address: string, options: ListenerOptions = {}): Promise<Listener> {
  const listener = new GrpcListener(server, options);
  try {
    await listener.open(address);
  } catch (cause) {
    listener.stopAccepting();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`cannot listen on ${address}: ${reason}`, { cause });
  }
  listeners.set(server, [...(listeners.get(server) ?? []), listener]);
  return listener;
}

/**
 * Stops a server that {@link listen}s: no new calls, and those that run have `graceMs` to end before they are cut off.
 *
 * @returns whether all calls ended by themselves.
 */
export async function shutDown(server: grpc.Server, graceMs: number): Promise<boolean> {
  const open = listeners.get(server) ?? [];
  open.forEach((listener) => {
    listener.stopAccepting();
  });
  const ended = new Promise<boolean>((resolve) => {
    server.tryShutdown((error) => {
      resolve(error === undefined);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, graceMs, false);
  });
  const succeeded = await Promise.race([ended, overdue]);
  clearTimeout(timer);
  server.forceShutdown(); // overlooks connections where channelz is off
  open.forEach((listener) => {
    listener.cutOff();
  });
  return succeeded;
}
