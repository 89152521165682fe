/** What of the Web Crypto API is needed. Browsers leave `randomUUID` out of pages that did not come over HTTPS. */
type RandomSource = Partial<Pick<typeof crypto, "randomUUID">> & Pick<typeof crypto, "getRandomValues">;

/** A new id for a call: a random UUID, or where there are none as many random digits. */
export function createRequestId(source: RandomSource = crypto): string {
  return source.randomUUID?.() ?? randomDigits(source);
}

function randomDigits(source: RandomSource): string {
  const bytes = source.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
