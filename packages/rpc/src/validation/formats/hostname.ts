const maxLength = 253;
const label = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

/**
 * Whether the text is a host name: labels of 1 to 63 letters, digits and inner hyphens, at most 253 characters in all,
 * perhaps with a dot at the end. The last label must not be a number.
 */
export function isHostname(text: string): boolean {
  if (text.length > maxLength) {
    return false;
  }
  const labels = (text.endsWith(".") ? text.slice(0, -1) : text).split(".");
  return labels.every((part) => label.test(part)) && !/^[0-9]+$/.test(labels.at(-1) ?? "");
}
