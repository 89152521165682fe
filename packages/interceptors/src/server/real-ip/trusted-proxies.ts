import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";
import { isAddressless } from "./client-address.js";

/** A machine that a call came through, or from. */
interface Hop {
  /** Its address in the shortest form. */
  readonly address: string;
  /** Whether what it says about the machine before it can be believed. */
  readonly trusted: boolean;
}

/** Tells what is known of an address; undefined for a text that is none. */
export type HopOf = (address: string) => Hop | undefined;

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [network: Address, prefixLength: number];

/** The name of clients without an address, in a list of trusted proxies. */
const unixName = "unix";
const maxRememberedHops = 1_024;
const mappedBits = 96; // of an IPv6 address that stands for an IPv4 one, in front of it

/**
 * Compiles a list of trusted proxies.
 *
 * @throws TypeError for one that is neither an address nor a range of them.
 */
export function createHopOf(trustedProxies: readonly string[]): HopOf {
  const trusted = trustedProxies.filter((proxy) => proxy !== unixName).map(rangeOf);
  const trustsUnix = trustedProxies.includes(unixName);
  const known = new LRUCache<string, Hop>({ max: maxRememberedHops });
  return (text) => {
    if (isAddressless(text)) {
      return { address: text, trusted: trustsUnix };
    }
    let hop = known.get(text);
    if (hop === undefined && isIP(text) !== 0) {
      const address = ipaddr.process(text);
      hop = { address: address.toString(), trusted: ipaddr.subnetMatch(address, { trusted }, "other") === "trusted" };
      known.set(text, hop);
    }
    return hop;
  };
}

function rangeOf(proxy: string): Range {
  const [address = "", prefix, ...rest] = proxy.split("/");
  const family = isIP(address);
  const maxPrefix = family === 4 ? 32 : 128;
  const prefixLength = Number(prefix ?? maxPrefix);
  const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && prefixLength <= maxPrefix);
  if (family === 0 || !isPrefix || rest.length > 0) {
    throw new TypeError(
      `trustedProxies has ${JSON.stringify(proxy)}; it takes addresses, ranges such as "10.0.0.0/8", and "${unixName}"`,
    );
  }
  const network = ipaddr.parse(address);
  const isMapped = network.kind() === "ipv6" && ipaddr.process(address).kind() === "ipv4" && prefixLength >= mappedBits;
  return isMapped ? [ipaddr.process(address), prefixLength - mappedBits] : [network, prefixLength];
}
