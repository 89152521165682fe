import { setTimeout as delay } from "node:timers/promises";
import { errors } from "@rollcall/contracts/user/v1/error_reason.errors";
import { User, UserStatus } from "@rollcall/contracts/user/v1/user";
import type { CreateUserRequest, ListUsersResponse } from "@rollcall/contracts/user/v1/user_service";
import type { ServerCall } from "@rollcall/rpc";
import { commit } from "../audit/commit.js";
import type { Passwords } from "../passwords.js";
import type { Store } from "../storage/store.js";
import { StoreError } from "../storage/store-error.js";
import type { NewUser } from "../storage/user.js";
import { emailTaken } from "./errors.js";
import { newUser } from "./new-user.js";
import { toUserMessage } from "./user-message.js";

/** What {@link createUsers} works with. */
export interface CreateUsersOptions {
  readonly store: Pick<Store, "write">;
  readonly passwords: Passwords;
  /** Users that one call may create. */
  readonly maxUsers: number;
  /** Largest answer, in bytes. */
  readonly maxAnswerBytes: number;
}

/**
 * How long a cancellation may come after the end of the requests. HTTP/2 of Node.js, and with it every client on grpc-js,
 * ends a stream that it cancels before it resets it: for a moment the users sent so far look like all of them.
 */
const cancellationGraceMs = 20;

/**
 * Creates all users of a stream or none of them.
 *
 * Every record is looked at as it arrives, so that a bad one, one too many, or one that would make the answer too large
 * ends the call before anything is hashed or stored.
 */
export async function createUsers(
  requests: AsyncIterable<CreateUserRequest>,
  options: CreateUsersOptions,
  call: ServerCall,
): Promise<ListUsersResponse> {
  const { signal } = call;
  const records = await collect(requests, options);
  await delay(cancellationGraceMs, undefined, { signal });
  const users: NewUser[] = [];
  for (const record of records) {
    signal.throwIfAborted();
    users.push(await newUser(record, options.passwords));
  }
  try {
    const about = { detail: `${users.length} users` };
    const created = await commit(options.store, call, about, async (unit) => {
      const inserted = await unit.users.insertMany(users);
      signal.throwIfAborted();
      return inserted;
    });
    return { users: created.map(toUserMessage), totalCount: created.length, hasMore: false };
  } catch (error) {
    const index = error instanceof StoreError && error.kind === "emailTaken" ? error.index : undefined;
    throw index === undefined ? error : emailTaken(records[index]?.email ?? "", `users[${String(index)}].email`);
  }
}

async function collect(
  requests: AsyncIterable<CreateUserRequest>,
  { maxUsers, maxAnswerBytes }: CreateUsersOptions,
): Promise<CreateUserRequest[]> {
  const records: CreateUserRequest[] = [];
  let answerBytes = totalCountBytes;
  for await (const record of requests) {
    if (records.length === maxUsers) {
      throw errors.tooManyUsers({ limit: maxUsers });
    }
    records.push(record);
    answerBytes += bytesInAnswer(record);
    if (answerBytes > maxAnswerBytes) {
      const fits = records.length - 1;
      const details = `the answer would pass ${String(maxAnswerBytes)} bytes; send at most ${String(fits)} users of this size in one call`;
      throw errors.tooManyUsers({ limit: fits }, { details });
    }
  }
  return records;
}

/** What `total_count` takes up in the answer, at most. */
const totalCountBytes = 6;

/** What a user of this record takes up in the answer, at most: ids and etags are of one length, instants nearly. */
function bytesInAnswer(record: CreateUserRequest): number {
  const widest = { id: "00000000-0000-7000-8000-000000000000", instant: new Date(4_102_444_799_999) };
  const message: User = {
    ...record,
    id: widest.id,
    status: UserStatus.USER_STATUS_ACTIVE,
    createdAt: widest.instant,
    updatedAt: widest.instant,
    etag: '"1"',
  };
  const tagAndLengthBytes = 4;
  return User.encode(message).finish().length + tagAndLengthBytes;
}
