/** A user as it is stored, without its password hash: that one is read on its own, by whoever checks passwords. */
export interface User {
  /** UUIDv7, so that the order of ids is the order of creation. */
  readonly id: string;
  readonly name: string;
  /** As it was given; compared without regard to case. */
  readonly email: string;
  readonly status: number;
  readonly roles: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly phone: string | undefined;
  readonly createdAt: Date;
  /** Never before {@link createdAt}, and never goes backwards. */
  readonly updatedAt: Date;
  /** 1 when created, one more with every change. */
  readonly version: number;
  /** 1 when created, one more with every change of status, roles or password. Tokens of a lower one are revoked. */
  readonly authVersion: number;
}

/** What a new user is made from; the store adds id, instants and version. */
export interface NewUser {
  readonly name: string;
  readonly email: string;
  readonly status: number;
  readonly roles?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly phone?: string | undefined;
  /** Absent for a user who cannot sign in yet. */
  readonly passwordHash?: string | undefined;
}

/** What to change of a user: a field that is absent stays as it is. Roles and metadata are replaced as a whole. */
export interface UserChanges {
  readonly name?: string;
  readonly email?: string;
  readonly status?: number;
  readonly roles?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** `null` removes it. */
  readonly phone?: string | null;
  readonly passwordHash?: string;
}

/** Whether tokens that were made before these changes stop counting. */
export function revokesTokens({ status, roles, passwordHash }: UserChanges): boolean {
  return status !== undefined || roles !== undefined || passwordHash !== undefined;
}

/** What a sign-in is checked against. */
export interface Credentials {
  readonly user: User;
  /** `undefined` when the user has no password yet. */
  readonly passwordHash: string | undefined;
}
