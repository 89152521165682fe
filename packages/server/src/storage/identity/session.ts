/** Somebody's being signed in, from one sign-in until it ends. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  /** When it ends whatever happens. */
  readonly expiresAt: Date;
}

/** A refresh token as it is stored: never itself, always its digest. */
export interface StoredToken {
  readonly digest: string;
  readonly expiresAt: Date;
}

/** What came of a refresh token. */
export type Rotation =
  /** It was good, and the next one is in its place. */
  | { readonly kind: "rotated"; readonly session: Session }
  /** It had been used before: somebody has stolen it. Nothing was changed. */
  | { readonly kind: "reused"; readonly session: Session }
  /** Nobody knows it, it has run out, or its session has ended. */
  | { readonly kind: "unknown" };

/** Begins, goes on with and ends sessions, inside a unit of work. */
export interface SessionWriter {
  /** Begins a session of a user with its first refresh token. */
  begin(session: { readonly userId: string; readonly expiresAt: Date }, token: StoredToken): Promise<Session>;

  /** Uses a refresh token up and puts the next in its place. Of two who use one at once, exactly one succeeds. */
  rotate(digest: string, next: StoredToken): Promise<Rotation>;

  /** Ends a session; its tokens are revoked. One that has ended, or was never there, stays as it is. */
  end(id: string): Promise<void>;

  /** Ends all sessions of a user; their tokens are revoked. */
  endAllOf(userId: string): Promise<void>;
}
