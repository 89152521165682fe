const octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`);
const piece = /^[0-9a-fA-F]{1,4}$/;
const pieceCount = 8;

/** Whether the text is an IPv4 or an IPv6 address. */
export function isIp(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** Whether the text is an IPv4 address of four decimal numbers, such as `192.0.2.1`. */
export function isIpv4(text: string): boolean {
  return ipv4.test(text);
}

/**
 * Whether the text is an IPv6 address, such as `2001:db8::1` or `::ffff:192.0.2.1`. A zone may follow, as in
 * `fe80::a%eth1`.
 */
export function isIpv6(text: string): boolean {
  const zone = text.indexOf("%");
  if (zone === -1) {
    return isAddress(text);
  }
  // protovalidate admits a colon before a zone, and no zone behind an address that ends in dotted form.
  const address = text.slice(0, zone).replace(/(?<=[^:]):$/, "");
  return zone < text.length - 1 && !address.includes(".") && isAddress(address);
}

function isAddress(text: string): boolean {
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) {
    return false;
  }
  if (tail === undefined) {
    return countPieces(head, true) === pieceCount;
  }
  const before = countPieces(head, false);
  const after = countPieces(tail, true);
  if (before === undefined || after === undefined) {
    return false;
  }
  // protovalidate does not count the pieces before a dotted end behind `::`.
  return tail.includes(".") || before + after < pieceCount;
}

/** How many of the eight pieces the text spells, or `undefined` when it is not a list of pieces. */
function countPieces(text: string, mayEndDotted: boolean): number | undefined {
  if (text === "") {
    return 0;
  }
  const pieces = text.split(":");
  const last = pieces.at(-1) ?? "";
  if (mayEndDotted && last.includes(".")) {
    const rest = pieces.slice(0, -1);
    return isIpv4(last) && rest.every((part) => piece.test(part)) ? rest.length + 2 : undefined;
  }
  return pieces.every((part) => piece.test(part)) ? pieces.length : undefined;
}
