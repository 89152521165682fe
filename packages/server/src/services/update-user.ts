import type { UpdateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import type { Unit } from "../storage/store.js";
import type { User, UserChanges } from "../storage/user.js";
import { etagMismatch, invalidRequest, userNotFound } from "./errors.js";
import { versionOf } from "./etag.js";

/** Which user a change is meant for, and which version of it. An empty etag means any. */
export interface ChangeTarget {
  readonly id: string;
  readonly etag: string;
}

const maxMetadata = 64;

/**
 * Changes a user. A change that would leave everything as it is leaves the version too, so that repeating it is harmless.
 *
 * @param changesFor - The changes, given the user as it is.
 * @throws StatusError `NOT_FOUND` or `ABORTED` `ETAG_MISMATCH`.
 */
export async function changeUser(
  unit: Unit,
  { id, etag }: ChangeTarget,
  changesFor: (user: User) => UserChanges,
): Promise<User> {
  const user = await unit.users.findForUpdate(id);
  if (user === undefined) {
    throw userNotFound(id);
  }
  const version = versionOf(etag);
  if (version !== undefined && version !== user.version) {
    throw etagMismatch(id, etag);
  }
  const changes = changesFor(user);
  return isAlready(user, changes) ? user : unit.users.update(id, changes);
}

/** The changes that an UpdateUserRequest asks for: what it names, and nothing else. */
export function requestedChanges(request: UpdateUserRequest, user: User): UserChanges {
  const { name, email, phone } = request;
  return {
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone: phone === "" ? null : phone }),
    metadata: mergeMetadata(request, user),
  };
}

function mergeMetadata({ setMetadata, removeMetadata }: UpdateUserRequest, user: User): Record<string, string> {
  const removed = new Set(removeMetadata);
  const kept = Object.entries(user.metadata).filter(([key]) => !removed.has(key));
  const merged = { ...Object.fromEntries(kept), ...setMetadata };
  if (Object.keys(merged).length > maxMetadata) {
    const description = `would leave the user with more than ${String(maxMetadata)} entries`;
    throw invalidRequest([{ field: "set_metadata", description }]);
  }
  return merged;
}

function isAlready(user: User, changes: UserChanges): boolean {
  const now: UserChanges = { ...user, phone: user.phone ?? null };
  return Object.entries({ ...now, ...changes }).every(
    ([field, value]) => JSON.stringify(value) === JSON.stringify(now[field as keyof UserChanges]), // a key of both
  );
}
