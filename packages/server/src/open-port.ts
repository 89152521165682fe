import { isNativeError } from "node:util/types";
import type * as grpc from "@grpc/grpc-js";
import { listen, type Listener, type ListenerOptions } from "@rollcall/rpc/grpc";
import { type Config, variableOf } from "./config.js";
import { StartError } from "./start-error.js";

/** Where a server listens. */
export interface OpenPort {
  /** As a client takes it, such as `127.0.0.1:50051`. */
  readonly address: string;
  readonly port: number;
  /** Shows another certificate to new connections. */
  readonly renew: Listener["renew"];
}

/**
 * Opens the port for gRPC clients.
 *
 * @throws {@link StartError} if the address cannot be had, with what to do about it.
 */
export async function openPort(
  server: grpc.Server,
  { grpcAddress }: Config,
  options: ListenerOptions,
): Promise<OpenPort> {
  try {
    const listener = await listen(server, grpcAddress, options);
    const { port } = listener;
    const address = grpcAddress.startsWith("unix:") ? grpcAddress : grpcAddress.replace(/\d+$/, String(port));
    const renew: Listener["renew"] = (renewed) => {
      listener.renew(renewed);
    };
    return { address, port, renew };
  } catch (cause) {
    const reason = reasonOf(isNativeError(cause) ? cause.message : String(cause));
    throw new StartError(`cannot listen on ${grpcAddress}: ${reason} (${variableOf("grpcAddress")})`, { cause });
  }
}

const reasons = new Map([
  ["EADDRINUSE", "another program uses this address; stop it or choose another address"],
  ["EACCES", "this user may not open it; choose a port above 1023 or a path that can be written"],
  ["EADDRNOTAVAIL", "this machine does not have the address; choose one that it has"],
  ["ENOTFOUND", "there is no machine of this name; choose an address that this machine has"],
]);

/** grpc-js tells why only in the text of its error. */
function reasonOf(text: string): string {
  const code = [...reasons.keys()].find((candidate) => text.includes(candidate));
  return (code === undefined ? undefined : reasons.get(code)) ?? text;
}
