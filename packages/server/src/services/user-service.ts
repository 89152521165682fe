import { Empty } from "@rollcall/contracts/google/protobuf/empty";
import { User } from "@rollcall/contracts/user/v1/user";
import {
  CreateUserRequest,
  DeleteUserRequest,
  UpdateUserRequest,
  type UserServiceDefinition,
} from "@rollcall/contracts/user/v1/user_service";
import {
  batchGetUsersRequestSchema,
  deleteUserRequestSchema,
  getUserRequestSchema,
  setUserRolesRequestSchema,
  setUserStatusRequestSchema,
} from "@rollcall/contracts/user/v1/user_service.schema";
import type { ServiceImplementation } from "@rollcall/rpc";
import { chat } from "../chat/chat.js";
import type { Rooms } from "../chat/rooms.js";
import type { Passwords } from "../passwords.js";
import type { Store, Unit } from "../storage/store.js";
import { withChangeStatus } from "./change-status.js";
import { createUsers } from "./create-users.js";
import { userNotFound } from "./errors.js";
import { versionOf } from "./etag.js";
import { fingerprintOf } from "./fingerprint.js";
import { listUsers } from "./list-users.js";
import { newUser } from "./new-user.js";
import { parseRequest } from "./parse-request.js";
import { changeUser, requestedChanges } from "./update-user.js";
import { toUserMessage } from "./user-message.js";
import { parseCreateUser, parseListUsers, parseUpdateUser } from "./user-requests.js";
import { writeOnce } from "./write-once.js";

/** What {@link createUserService} works with. */
export interface UserServiceOptions {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly passwords: Passwords;
  /** Users that one CreateUsers may create. Defaults to 10,000. */
  readonly maxUsersPerCall?: number | undefined;
  /** Largest answer of CreateUsers. Defaults to 4 MiB, which is what clients accept unless told otherwise. */
  readonly maxAnswerBytes?: number | undefined;
}

/** UserService as the contract describes it, on a store. */
export function createUserService(options: UserServiceOptions): ServiceImplementation<UserServiceDefinition> {
  const { store, rooms, passwords, maxUsersPerCall = 10_000, maxAnswerBytes = 4 * 1024 * 1024 } = options;

  return {
    async getUser(request) {
      const { id } = parseRequest(getUserRequestSchema, request);
      const user = await store.users.find(id);
      if (user === undefined) {
        throw userNotFound(id);
      }
      return { user: toUserMessage(user) };
    },

    async batchGetUsers(request) {
      const { ids } = parseRequest(batchGetUsersRequestSchema, request);
      const users = await store.users.findMany(ids);
      return { users: users.map(toUserMessage) };
    },

    async createUser(request) {
      const record = parseCreateUser(request);
      const fingerprint = await fingerprintOfCreate(request, passwords);
      const repeatable = { method: "CreateUser", requestId: record.requestId, fingerprint, answerType: User };
      const creation = writeOnce(store, repeatable, async () => {
        const user = await newUser(record, passwords);
        return async (unit: Unit) => toUserMessage(await unit.users.insert(user));
      });
      return withChangeStatus({ email: record.email }, creation);
    },

    async updateUser(request) {
      const record = parseUpdateUser(request);
      const fingerprint = fingerprintOf(UpdateUserRequest.toJSON(request));
      const repeatable = { method: "UpdateUser", requestId: record.requestId, fingerprint, answerType: User };
      const update = writeOnce(store, repeatable, () => async (unit) => {
        const user = await changeUser(unit, record, (current) => requestedChanges(record, current));
        return toUserMessage(user);
      });
      return withChangeStatus(record, update);
    },

    async deleteUser(request) {
      const record = parseRequest(deleteUserRequestSchema, request);
      const fingerprint = fingerprintOf(DeleteUserRequest.toJSON(request));
      const repeatable = { method: "DeleteUser", requestId: record.requestId, fingerprint, answerType: Empty };
      const deletion = writeOnce(store, repeatable, () => async (unit) => {
        await unit.users.delete(record.id, { version: versionOf(record.etag) });
        return {};
      });
      return withChangeStatus(record, deletion);
    },

    async *listUsers(request, { signal }) {
      yield* listUsers(store.users, parseListUsers(request), signal);
    },

    createUsers: (requests, { signal }) =>
      createUsers(requests, { store, passwords, maxUsers: maxUsersPerCall, maxAnswerBytes }, signal),

    chat: (requests, call) => chat(requests, rooms, call),

    async setUserStatus(request) {
      const record = parseRequest(setUserStatusRequestSchema, request);
      return toUserMessage(await store.write((unit) => changeUser(unit, record, () => ({ status: record.status }))));
    },

    async setUserRoles(request) {
      const record = parseRequest(setUserRolesRequestSchema, request);
      return toUserMessage(await store.write((unit) => changeUser(unit, record, () => ({ roles: record.roles }))));
    },
  };
}

/** The password counts too, but a plain digest of it would be easier to guess from than its hash. */
async function fingerprintOfCreate(request: CreateUserRequest, passwords: Passwords): Promise<string> {
  const { password, requestId } = request;
  const digest = password === "" || requestId === "" ? "" : await passwords.fingerprint(password, requestId);
  return fingerprintOf([CreateUserRequest.toJSON({ ...request, password: "" }), digest]);
}
