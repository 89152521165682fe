import { Empty } from "@rollcall/contracts/google/protobuf/empty";
import { User } from "@rollcall/contracts/user/v1/user";
import type { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import type { ServiceImplementation } from "@rollcall/rpc";
import { commit } from "../audit/commit.js";
import { chat } from "../chat/chat.js";
import type { Rooms } from "../chat/rooms.js";
import { maySignIn } from "../identity/sessions.js";
import type { Passwords } from "../passwords.js";
import type { Store } from "../storage/store.js";
import { withChangeStatus } from "./change-status.js";
import { createUsers } from "./create-users.js";
import { userNotFound } from "./errors.js";
import { versionOf } from "./etag.js";
import { listUsers } from "./list-users.js";
import { newUser } from "./new-user.js";
import { changeUser, requestedChanges } from "./update-user.js";
import { toUserMessage } from "./user-message.js";
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

/**
 * UserService as the contract describes it, on a store. Its handlers take requests that keep the rules: bind it with the
 * interceptors of `createRequestInterceptors`.
 */
export function createUserService(options: UserServiceOptions): ServiceImplementation<UserServiceDefinition> {
  const { store, rooms, passwords, maxUsersPerCall = 10_000, maxAnswerBytes = 4 * 1024 * 1024 } = options;

  return {
    async getUser({ id }) {
      const user = await store.users.find(id);
      if (user === undefined) {
        throw userNotFound(id);
      }
      return { user: toUserMessage(user) };
    },

    async batchGetUsers({ ids }) {
      const users = await store.users.findMany(ids);
      return { users: users.map(toUserMessage) };
    },

    async createUser(request, call) {
      const creation = writeOnce(store, call, { answerType: User, about: ({ id }) => ({ subject: id }) }, async () => {
        const user = await newUser(request, passwords);
        return async (unit) => toUserMessage(await unit.users.insert(user));
      });
      return withChangeStatus({ email: request.email }, creation);
    },

    async updateUser(request, call) {
      const update = writeOnce(
        store,
        call,
        { answerType: User, about: { subject: request.id } },
        () => async (unit) => {
          const user = await changeUser(unit, request, (current) => requestedChanges(request, current));
          return toUserMessage(user);
        },
      );
      return withChangeStatus(request, update);
    },

    async deleteUser(request, call) {
      const deletion = writeOnce(
        store,
        call,
        { answerType: Empty, about: { subject: request.id } },
        () => async (unit) => {
          await unit.users.delete(request.id, { version: versionOf(request.etag) });
          return {};
        },
      );
      return withChangeStatus(request, deletion);
    },

    listUsers: (request, { signal }) => listUsers(store.users, request, signal),

    createUsers: (requests, call) =>
      createUsers(requests, { store, passwords, maxUsers: maxUsersPerCall, maxAnswerBytes }, call),

    chat: (requests, call) => chat(requests, rooms, call),

    async setUserStatus(request, call) {
      const { id, status, reason } = request;
      const about = { subject: id, detail: reason };
      const changed = await commit(store, call, about, async (unit) => {
        const user = await changeUser(unit, request, () => ({ status }));
        if (!maySignIn(user)) {
          await unit.sessions.endAllOf(id); // they do not come back with the user
        }
        return user;
      });
      return toUserMessage(changed);
    },

    async setUserRoles(request, call) {
      const { id, roles } = request;
      const about = { subject: id, detail: roles.join(",") };
      return toUserMessage(await commit(store, call, about, (unit) => changeUser(unit, request, () => ({ roles }))));
    },
  };
}
