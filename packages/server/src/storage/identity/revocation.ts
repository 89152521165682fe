/**
 * Credentials that no longer count. The store writes one of these in the same transaction as what caused it: a session that
 * ends, a key that is revoked, a user who is deleted or whose status, roles or password change.
 */
export type Revocation = { readonly sequence: number } & (
  | { readonly kind: "session"; readonly id: string }
  | { readonly kind: "apiKey"; readonly id: string }
  /** Tokens of the user whose version is lower; `Infinity` for a user who was deleted. */
  | { readonly kind: "user"; readonly id: string; readonly belowVersion: number }
);

/** Reads what was revoked. */
export interface RevocationReader {
  /**
   * What was revoked after a sequence, in the order of sequences. They are committed in that order: what is not there once
   * a later one is, never will be.
   */
  since(sequence: number, limit: number): Promise<readonly Revocation[]>;
}
