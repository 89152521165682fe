/**
 * Puts a key into the request, unless the caller has given one.
 *
 * @param field - The name of a field of the request that holds a string.
 */
export function fillKey(request: unknown, field: string, createKey: () => string): void {
  // The client completed the request out of what the caller gave it, so it is nobody else's; and a policy names no field
  // as its idempotency key that is not a string of every request (`PolicyTable`).
  const message = request as Record<string, string>;
  if (message[field] === "") {
    message[field] = createKey();
  }
}
