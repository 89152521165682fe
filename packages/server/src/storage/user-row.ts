import type { Selectable, Updateable } from "kysely";
import type { UsersTable } from "./tables.js";
import type { NewUser, User, UserChanges } from "./user.js";

/** The columns a {@link User} is made from. Named one by one: `select *` would break prepared statements when a migration adds one. */
export const userColumns = [
  "id",
  "name",
  "email",
  "status",
  "roles",
  "metadata",
  "phone",
  "created_at",
  "updated_at",
  "version",
  "auth_version",
] as const satisfies readonly (keyof UsersTable)[];

/** A row of {@link userColumns}. */
export type UserRow = Pick<Selectable<UsersTable>, (typeof userColumns)[number]>;

/** What two e-mails have in common exactly when they are the same address. */
export function toEmailKey(email: string): string {
  return email.toLowerCase();
}

/** The user that a row holds. */
export function fromUserRow(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    status: row.status,
    roles: parseRoles(row.roles),
    metadata: parseMetadata(row.metadata),
    phone: row.phone ?? undefined,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    version: row.version,
    authVersion: row.auth_version,
  };
}

/** The row of a user who is created at `nowMs`. */
export function toUserRow(user: NewUser, id: string, nowMs: number): Selectable<UsersTable> {
  return {
    id,
    name: user.name,
    email: user.email,
    email_key: toEmailKey(user.email),
    password_hash: user.passwordHash ?? null,
    status: user.status,
    roles: JSON.stringify(user.roles ?? []),
    metadata: JSON.stringify(user.metadata ?? {}),
    phone: user.phone ?? null,
    created_at: nowMs,
    updated_at: nowMs,
    version: 1,
    auth_version: 1,
  };
}

/** The columns that changes touch. */
export function toUserColumns(changes: UserChanges): Updateable<UsersTable> {
  const { name, email, status, roles, metadata, phone, passwordHash } = changes;
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email, email_key: toEmailKey(email) }),
    ...(status !== undefined && { status }),
    ...(roles !== undefined && { roles: JSON.stringify(roles) }),
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    ...(phone !== undefined && { phone }),
    ...(passwordHash !== undefined && { password_hash: passwordHash }),
  };
}

function parseRoles(json: string): readonly string[] {
  // The cast holds because only `toUserRow` and `toUserColumns` write this column; most users have no role.
  return json === "[]" ? [] : (JSON.parse(json) as string[]);
}

function parseMetadata(json: string): Readonly<Record<string, string>> {
  // The cast holds for the same reason.
  return json === "{}" ? {} : (JSON.parse(json) as Record<string, string>);
}
