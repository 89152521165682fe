import { lookup } from "node:dns/promises";
import type { ListenOptions } from "node:net";

/** Where to listen: one place, or several for a name that stands for several addresses. */
export async function placesOf(address: string): Promise<readonly ListenOptions[]> {
  if (address.startsWith("unix:")) {
    return [{ path: address.replace(/^unix:(?:\/\/)?/, "") }];
  }
  const at = address.lastIndexOf(":");
  const host = address.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  const found = await lookup(host, { all: true });
  return found.map((one) => ({ host: one.address, port: Number(address.slice(at + 1)) }));
}
