/** A key of a service, as it is stored: its secret never is, only a digest of it. */
export interface StoredApiKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly createdAt: Date;
  /** Undefined: not by itself. */
  readonly expiresAt: Date | undefined;
  /** Who made it. */
  readonly createdBy: string;
  readonly revokedAt: Date | undefined;
}

/** What a new key is made from; the store adds id and instant. */
export interface NewApiKey {
  readonly name: string;
  readonly roles: readonly string[];
  readonly expiresAt: Date | undefined;
  readonly createdBy: string;
  /** The digest of its secret. */
  readonly digest: string;
}

/** Reads keys. */
export interface ApiKeyReader {
  /** The key with this secret, whether or not it still counts. */
  findByDigest(digest: string): Promise<StoredApiKey | undefined>;

  /** A page, the newest first. Ask for the next one with the last id as `beforeId`. */
  page(query: { readonly beforeId?: string | undefined; readonly limit: number }): Promise<readonly StoredApiKey[]>;
}

/** Makes and revokes keys, inside a unit of work. */
export interface ApiKeyWriter extends ApiKeyReader {
  insert(key: NewApiKey): Promise<StoredApiKey>;

  /**
   * Revokes a key. One that is revoked stays as it is.
   *
   * @returns the key as it is now, or undefined when there is none of this id
   */
  revoke(id: string): Promise<StoredApiKey | undefined>;
}
