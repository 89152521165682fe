import { type ErrorCode, Status, StatusError } from "@rollcall/client";
import type { Narrator } from "./narrator.js";

/**
 * Tells of a call that fails as it should.
 *
 * @throws Error if it does anything else.
 */
export async function expectError(narrator: Narrator, code: ErrorCode, call: Promise<unknown>): Promise<void> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof StatusError) || error.code !== code) {
    throw new Error(`expected the call to end with ${Status[code]}`, { cause: error });
  }
  tellError(narrator, error);
}

/** Tells of an error that was to be expected. */
export function tellError(narrator: Narrator, { code, reason, details }: StatusError): void {
  narrator.expected(`${Status[code]}${reason === undefined ? "" : ` (${reason})`}: ${details}`);
}
