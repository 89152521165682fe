import { createCallKey, type ServerCall } from "@rollcall/rpc";

type AddressedCall = Pick<ServerCall, "values" | "peer">;

const addressKey = createCallKey<string | undefined>("clientAddress", undefined);
const mappedPrefix = "::ffff:";

/**
 * The address of the client, without its port: behind proxies as `realIp` found it, else that of the connection. Clients
 * that come over a Unix socket have none; they are called `unknown`.
 */
export function clientAddressOf(call: AddressedCall): string {
  const known = call.values.get(addressKey);
  if (known !== undefined) {
    return known;
  }
  const address = addressOfPeer(call.peer);
  setClientAddress(call, address); // a peer is not known any more once its connection is lost
  return address;
}

/** Tells the interceptors further in, and the handler, where the call comes from. */
export function setClientAddress({ values }: Pick<AddressedCall, "values">, address: string): void {
  values.set(addressKey, address);
}

/** The address in `127.0.0.1:40312` or `::1:40312`. An IPv4 address that is written as an IPv6 one is told as what it is. */
export function addressOfPeer(peer: string): string {
  if (isAddressless(peer)) {
    return peer;
  }
  const portAt = peer.lastIndexOf(":");
  const address = portAt === -1 ? peer : peer.slice(0, portAt);
  return address.startsWith(mappedPrefix) && address.includes(".") ? address.slice(mappedPrefix.length) : address;
}

/** Whether the peer is one without an address: at the other end of a Unix socket. */
export function isAddressless(peer: string): boolean {
  return peer === "unknown" || peer.startsWith("unix:");
}
