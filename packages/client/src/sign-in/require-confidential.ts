import { type ChannelOptions, isLoopback } from "@rollcall/rpc/grpc";

/** How a client reaches its server. */
export interface Way extends Pick<ChannelOptions, "address" | "tls"> {
  readonly allowPlaintext?: boolean | undefined;
}

/**
 * Makes sure that nobody on the way can read the credentials.
 *
 * @throws TypeError where the connection is not encrypted and leaves this machine.
 */
export function requireConfidential({ address, tls, allowPlaintext = false }: Way): void {
  if (tls === false && !isLoopback(address) && !allowPlaintext) {
    throw new TypeError(
      `everybody between here and ${JSON.stringify(address)} could read the credentials: leave tls: false out, ` +
        "or set allowPlaintext where the network itself encrypts",
    );
  }
}
