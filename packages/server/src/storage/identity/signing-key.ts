/** A key that access tokens are signed with. */
export interface SigningKey {
  /** Which one it is, as tokens name it in `kid`. */
  readonly id: string;
  /** The private key as a JWK (RFC 7517), JSON. */
  readonly privateJwk: string;
  readonly createdAt: Date;
}

/** Reads the keys. */
export interface SigningKeyReader {
  /** All keys, the newest first. */
  list(): Promise<readonly SigningKey[]>;
}

/** Makes and removes keys, inside a unit of work. */
export interface SigningKeyWriter extends SigningKeyReader {
  /** Like {@link SigningKeyReader.list}, and no other server makes or removes keys before this unit of work ends. */
  listForUpdate(): Promise<readonly SigningKey[]>;

  insert(key: Omit<SigningKey, "createdAt">): Promise<void>;

  delete(id: string): Promise<void>;
}
