import type { User as UserMessage } from "@rollcall/contracts/user/v1/user";
import type { User } from "../storage/user.js";
import { etagOf } from "./etag.js";

/** A stored user as clients see it. */
export function toUserMessage(user: User): UserMessage {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    status: user.status,
    createdAt: user.createdAt,
    roles: [...user.roles],
    metadata: { ...user.metadata },
    phone: user.phone,
    updatedAt: user.updatedAt,
    etag: etagOf(user.version),
  };
}
