import { isIPv6 } from "node:net";

const groups = 8;
const networkGroups = 4;

/** An IPv4 address itself; of an IPv6 address its network of 64 bits, all of whose addresses one client may have. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) {
    return address;
  }
  const [head = [], tail = []] = address.split("::").map(groupsOf);
  const zeros = Array.from({ length: groups - head.length - tail.length }, () => 0);
  const network = [...head, ...zeros, ...tail].slice(0, networkGroups);
  return `${network.map((group) => group.toString(16)).join(":")}::/64`;
}

/** An IPv4 address at the end is two groups, whatever they are: it is never part of the network. */
function groupsOf(text: string): readonly number[] {
  const parts = text === "" ? [] : text.split(":");
  return parts.flatMap((part) => (part.includes(".") ? [0, 0] : [Number.parseInt(part, 16)]));
}
