import { isIpv6 } from "./ip.js";

const unreserved = "a-zA-Z0-9\\-._~";
const subDelims = "!$&'()*+,;=";
const encoded = "%[0-9a-fA-F]{2}";
const pchar = `(?:[${unreserved}${subDelims}:@]|${encoded})`;

const scheme = /^[a-zA-Z][a-zA-Z0-9+\-.]*$/;
const userinfo = new RegExp(`^(?:[${unreserved}${subDelims}:]|${encoded})*$`);
const registeredName = new RegExp(`^(?:[${unreserved}${subDelims}]|${encoded})*$`);
const zoneId = new RegExp(`^(?:[${unreserved}]|${encoded})+$`);
const futureAddress = new RegExp(`^v[0-9a-fA-F]+\\.[${unreserved}${subDelims}:]+$`);
const path = new RegExp(`^(?:${pchar}|/)*$`);
const queryOrFragment = new RegExp(`^(?:${pchar}|[/?])*$`);

/**
 * Whether the text is a URI, such as `https://example.com/path?query#fragment`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986
 */
export function isUri(text: string): boolean {
  const colon = text.search(/[:/?#]/);
  if (colon === -1 || text.charAt(colon) !== ":" || !scheme.test(text.slice(0, colon))) {
    return false;
  }
  return isRest(text.slice(colon + 1), (value) => path.test(value));
}

/** Whether the text is a URI, or a reference relative to one, such as `./path?query`. */
export function isUriReference(text: string): boolean {
  return isUri(text) || isRest(text, isRelativePath) || isTwofoldReference(text);
}

/** A URI whose fragment is a reference of its own, `a:b#c#d`. None by the RFC, but protovalidate takes it for one. */
function isTwofoldReference(text: string): boolean {
  const [uri, reference] = splitAt(text, "#");
  return reference !== "" && isUri(uri) && isRest(reference, isRelativePath);
}

/** What follows the scheme: perhaps an authority, a path, perhaps a query and a fragment. */
function isRest(text: string, isPath: (path: string) => boolean): boolean {
  const [beforeFragment, fragment] = splitAt(text, "#");
  const [hierarchy, query] = splitAt(beforeFragment, "?");
  return queryOrFragment.test(fragment) && queryOrFragment.test(query) && isHierarchy(hierarchy, isPath);
}

function isHierarchy(text: string, isPath: (path: string) => boolean): boolean {
  if (!text.startsWith("//")) {
    return isPath(text);
  }
  const slash = text.indexOf("/", 2);
  const end = slash === -1 ? text.length : slash;
  return isAuthority(text.slice(2, end)) && path.test(text.slice(end));
}

/** The first segment of a relative path has no colon, lest it be taken for a scheme. */
function isRelativePath(text: string): boolean {
  const [first = ""] = text.split("/", 1);
  return path.test(text) && !first.includes(":");
}

function isAuthority(text: string): boolean {
  const at = text.indexOf("@");
  const [user, hostAndPort] = at === -1 ? ["", text] : [text.slice(0, at), text.slice(at + 1)];
  const colon = hostAndPort.startsWith("[")
    ? hostAndPort.indexOf(":", hostAndPort.indexOf("]"))
    : hostAndPort.indexOf(":");
  const [host, port] = colon === -1 ? [hostAndPort, ""] : [hostAndPort.slice(0, colon), hostAndPort.slice(colon + 1)];
  return userinfo.test(user) && isHost(host) && /^[0-9]*$/.test(port);
}

function isHost(text: string): boolean {
  const inBrackets = /^\[(.*)\]$/s.exec(text)?.[1];
  if (inBrackets === undefined) {
    return registeredName.test(text) && isEncodedUtf8(text);
  }
  return futureAddress.test(inBrackets) || isAddressLiteral(inBrackets);
}

/** An IPv6 address, whose zone stands behind an encoded percent sign: `fe80::1%25eth0`. */
function isAddressLiteral(text: string): boolean {
  const [address, zone] = splitAt(text, "%");
  if (address === text) {
    return isIpv6(text);
  }
  const name = zone.startsWith("25") ? zone.slice(2) : "";
  return isIpv6(address) && zoneId.test(name) && isEncodedUtf8(name);
}

function isEncodedUtf8(text: string): boolean {
  if (!text.includes("%")) {
    return true;
  }
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function splitAt(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}
