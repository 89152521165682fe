import type { RateLimitPolicy, ServerCall } from "@rollcall/rpc";
import ipaddr from "ipaddr.js";
import { callerOf } from "../caller.js";
import { clientAddressOf } from "../real-ip/client-address.js";

type KeyedCall = Pick<ServerCall, "values" | "peer">;

/**
 * Whose calls are counted together, for each `key` of a policy. The caller may be told the key: it says nothing that the
 * caller does not know.
 */
export const callerKeys: Readonly<Record<RateLimitPolicy["key"], (call: KeyedCall) => string>> = {
  subject: subjectKey,
  peer: peerKey,
};

/** Who signed in: each API key for itself, and else the user. Whoever did not sign in is known by the address alone. */
function subjectKey(call: KeyedCall): string {
  const caller = callerOf(call);
  if (caller === undefined || caller.credential === "none") {
    return peerKey(call);
  }
  return caller.credential === "apiKey" && caller.credentialId !== undefined
    ? `apikey:${caller.credentialId}`
    : `subject:${caller.subject}`;
}

function peerKey(call: KeyedCall): string {
  return `clientip:${networkOf(clientAddressOf(call))}`;
}

/** An IPv4 address itself; of an IPv6 address its network of 64 bits, all of whose addresses one client may have. */
function networkOf(address: string): string {
  if (!address.includes(":") || !ipaddr.IPv6.isValid(address)) {
    return address;
  }
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) {
    return parsed.toIPv4Address().toString();
  }
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(":")}::/64`;
}
