import { type User, UserStatus } from "@rollcall/contracts/user/v1/user";
import type { ListUsersRequest } from "@rollcall/contracts/user/v1/user_service";
import type { UserReader } from "../storage/user-reader.js";
import { toUserMessage } from "./user-message.js";

const rowsPerRead = 250;

/**
 * Streams the users that a request asks for, in short reads with nothing open between them, so that a reader may take
 * its time.
 */
export async function* listUsers(
  users: UserReader,
  request: ListUsersRequest,
  signal: AbortSignal,
): AsyncGenerator<User, void> {
  const status = request.statusFilter === UserStatus.USER_STATUS_UNSPECIFIED ? undefined : request.statusFilter;
  const skipped = Math.max(request.page - 1, 0) * request.pageSize;
  let afterId = request.afterId === "" ? await users.seek(skipped, { status, signal }) : request.afterId;
  let remaining = request.pageSize === 0 ? Infinity : request.pageSize;
  while (afterId !== undefined && remaining > 0) {
    signal.throwIfAborted();
    const limit = Math.min(rowsPerRead, remaining);
    const page = await users.page({ afterId, status, limit });
    for (const user of page) {
      yield toUserMessage(user);
    }
    remaining -= page.length;
    afterId = page.length < limit ? undefined : page.at(-1)?.id;
  }
}
