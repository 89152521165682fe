const etagPattern = /^"([1-9][0-9]{0,14})"$/;

/** The etag of a user's version, a strong one as in RFC 9110. */
export function etagOf(version: number): string {
  return `"${String(version)}"`;
}

/**
 * The version that a change is meant for.
 *
 * @returns undefined when any version will do, and one that no user has for an etag that was never given out.
 */
export function versionOf(etag: string): number | undefined {
  return etag === "" ? undefined : Number(etagPattern.exec(etag)?.[1] ?? -1);
}
