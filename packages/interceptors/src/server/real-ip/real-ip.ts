import type { InterceptedServerCall, ServerInterceptor } from "@rollcall/rpc";
import { withConcern } from "../../concern.js";
import { addressOfPeer, setClientAddress } from "./client-address.js";
import { entryReaders, type ForwardedHeader } from "./forwarded-header.js";
import { createHopOf, type HopOf } from "./trusted-proxies.js";

export { clientAddressOf } from "./client-address.js";

/** Whose word counts for where a call comes from. */
export interface RealIpOptions {
  /**
   * The proxies in front of the server: addresses and ranges such as `10.0.0.0/8` and `fd00::/8`, and `unix` for those
   * that connect over a Unix socket. With none of them, calls come from whoever is connected.
   */
  readonly trustedProxies: readonly string[];
  /** Where the proxies write it down. Defaults to `x-forwarded-for`. */
  readonly header?: ForwardedHeader | undefined;
}

/** More proxies than this are not in front of any server. */
const maxHops = 16;

/**
 * Finds out where calls come from that reach the server through proxies, for {@link clientAddressOf}.
 *
 * Each proxy adds at the end of the header who called it. So the header is read from its end, for as long as those who
 * wrote are trusted: what a client forges stands before that. An entry that is no address ends the walk at the last
 * trusted proxy.
 *
 * @throws TypeError for an unknown header, or a proxy that is neither an address nor a range.
 */
export function realIp({ trustedProxies, header = "x-forwarded-for" }: RealIpOptions): ServerInterceptor {
  if (!Object.hasOwn(entryReaders, header)) {
    throw new TypeError(`header is ${JSON.stringify(header)}; it takes ${Object.keys(entryReaders).join(" or ")}`);
  }
  const hopOf = createHopOf(trustedProxies);
  return withConcern("realIp", () =>
    trustedProxies.length === 0
      ? undefined
      : function realIp(call, next) {
          setClientAddress(call, clientAddress(call, header, hopOf));
          return next();
        },
  );
}

function clientAddress(call: InterceptedServerCall, header: ForwardedHeader, hopOf: HopOf): string {
  const peer = addressOfPeer(call.peer);
  const hop = hopOf(peer);
  if (hop === undefined) {
    return peer;
  }
  return hop.trusted ? addressBehind(hop.address, call.metadata.get(header) ?? "", header, hopOf) : hop.address;
}

/**
 * Commas are taken for what they are between entries even within quotes: nobody can hide the entry of a trusted proxy
 * inside a text that was opened before it.
 */
function addressBehind(proxy: string, list: string, header: ForwardedHeader, hopOf: HopOf): string {
  let address = proxy;
  let end = list.length;
  for (let hops = 0; hops < maxHops && end > 0; hops++) {
    const comma = list.lastIndexOf(",", end - 1);
    const text = entryReaders[header](list.slice(comma + 1, end));
    const hop = text === undefined ? undefined : hopOf(text);
    if (hop === undefined) {
      return address;
    }
    address = hop.address;
    if (!hop.trusted) {
      return address;
    }
    end = comma;
  }
  return address;
}
