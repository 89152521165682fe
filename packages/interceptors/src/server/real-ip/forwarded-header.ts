/** The headers in which proxies write down where a request came from. */
export type ForwardedHeader = "x-forwarded-for" | "forwarded";

/** Finds the address in what one proxy has written down; undefined where it is none that can be used. */
type ReadEntry = (entry: string) => string | undefined;

/** An address by itself, and both kinds with a port. A port may be a made-up name (RFC 7239, section 6.3). */
const nodePatterns = [
  /^(?<address>[\d.]{7,15})(?::[\w.-]{1,32})?$/,
  /^(?<address>[\da-f:.]{2,45})$/i,
  /^\[(?<address>[\da-f:.]{2,45})\](?::[\w.-]{1,32})?$/i,
];
const pairPattern = /^\s*(?<name>[\w!#$%&'*+.^`|~-]+)=(?:"(?<quoted>[^"\\]*)"|(?<bare>[^\s"]*))\s*$/;

/**
 * How to read each header.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7239
 */
export const entryReaders: Readonly<Record<ForwardedHeader, ReadEntry>> = {
  "x-forwarded-for": (entry) => addressIn(entry.trim()),
  forwarded: (entry) => {
    const [node, ...others] = entry.split(";").flatMap(nodesOf);
    return node === undefined || others.length > 0 ? undefined : addressIn(node);
  },
};

/** Whom the pair names, if it is one of `for`. */
function nodesOf(pair: string): string[] {
  const { name, quoted, bare } = pairPattern.exec(pair)?.groups ?? {};
  return name?.toLowerCase() === "for" ? [quoted ?? bare ?? ""] : [];
}

/** The text without port and brackets. Whether it is an address is for others to say. */
function addressIn(text: string): string | undefined {
  for (const pattern of nodePatterns) {
    const address = pattern.exec(text)?.groups?.["address"];
    if (address !== undefined) {
      return address;
    }
  }
  return undefined;
}
