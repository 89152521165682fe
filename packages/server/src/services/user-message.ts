import { type User as UserMessage, UserStatus } from "@rollcall/contracts/user/v1/user";
import type { User } from "../storage/user.js";
import { etagOf } from "./etag.js";

const statuses = Object.values(UserStatus).filter((status) => typeof status === "number");
const statusByNumber = new Map<number, UserStatus>(statuses.map((status) => [status, status]));

/** A stored user as clients see it. A status that only a later release knows is told as none. */
export function toUserMessage(user: User): UserMessage {
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    status: statusByNumber.get(user.status) ?? UserStatus.USER_STATUS_UNSPECIFIED,
    createdAt: user.createdAt,
    roles: [...user.roles],
    metadata: { ...user.metadata },
    phone: user.phone,
    updatedAt: user.updatedAt,
    etag: etagOf(user.version),
  };
}
