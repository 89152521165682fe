import { describe, expect, test } from "@jest/globals";
import { type ChatMessage, UserStatus } from "@rollcall/contracts/user/v1/user";
import type {
  BatchGetUsersRequest,
  CreateUserRequest,
  DeleteUserRequest,
  GetUserRequest,
  ListUsersRequest,
  SetUserRolesRequest,
  SetUserStatusRequest,
  UpdateUserRequest,
} from "@rollcall/contracts/user/v1/user_service";
import { databaseNames } from "../storage/test-store.fixture.js";
import { collect, draftUser } from "./draft-user.fixture.js";
import {
  anybody,
  type Case,
  emails,
  emoji,
  huge,
  letters,
  metadata,
  names,
  notes,
  passwords,
  phones,
  roles,
  wrongEtags,
  wrongIds,
  wrongRequestIds,
  wrongTexts,
} from "./field-cases.fixture.js";
import { errorOf, invalid, notFound, trailerBytesOf } from "./status.fixture.js";
import { givenUserService } from "./user-service.fixture.js";

// A client of a later version, or a careless one, may send numbers that are unknown here.
const [unknownStatus, negativeStatus] = JSON.parse("[99, -1]") as [UserStatus, UserStatus];
describe.each(databaseNames)("the fields of requests on %s", (name) => {
  const given = givenUserService(name);

  /** Expects a call to be refused for the fields named, or to end as it does with valid fields. */
  async function expectFields(call: Promise<unknown>, fields: readonly string[], otherwise: object | undefined) {
    if (fields.length === 0 && otherwise === undefined) {
      await expect(call).resolves.toBeDefined();
      return;
    }
    const error = await errorOf(call);
    expect(error).toMatchObject(fields.length === 0 ? (otherwise ?? {}) : invalid(...fields));
    expect(trailerBytesOf(error)).toBeLessThan(8 * 1024);
  }

  const forUnknownUser = notFound(anybody);

  test.each<Case<CreateUserRequest>>([
    ...names,
    ...emails,
    ...passwords,
    ...phones,
    ["an empty phone", { phone: "" }, "phone"],
    ...roles,
    ...metadata,
    ["a request id of 64 emoji", { requestId: emoji(64) }],
    ...wrongRequestIds,
    ["nothing", { name: "", email: "" }, "name", "email"],
    ["much that is wrong", { name: "", email: "", phone: "", roles: [""] }, "name", "email", "phone", "roles[0]"],
  ])("CreateUser: %s", async (_case, request, ...fields) => {
    await expectFields(given.client.createUser(draftUser(request)), fields, undefined);
  });

  test.each<Case<CreateUserRequest>>([
    ...names.slice(-1),
    ...emails.slice(-1),
    ...passwords.slice(-1),
    ...phones.slice(-1),
    ...roles.slice(-1),
    ...metadata.slice(-1),
    ["an ignored request id of 10,000 characters", { requestId: huge }],
  ])("CreateUsers: %s", async (_case, request, ...fields) => {
    const requests = [draftUser(), draftUser(request), draftUser()];
    const paths = fields.map((field) => `users[1].${field}`);
    await expectFields(given.client.createUsers(requests), paths, undefined);
  });

  test.each<Case<GetUserRequest>>(wrongIds)("GetUser: %s", async (_case, request, ...fields) => {
    await expectFields(given.client.getUser(request), fields, undefined);
  });

  test.each<Case<BatchGetUsersRequest>>([
    ["500 ids", { ids: Array.from({ length: 500 }, () => anybody) }],
    ["501 ids", { ids: Array.from({ length: 501 }, () => anybody) }, "ids"],
    ["100,000 ids", { ids: Array.from({ length: 100_000 }, () => "a") }, "ids"],
    ["empty and long ids", { ids: [anybody, "", letters(65)] }, "ids[1]", "ids[2]"],
    ...wrongTexts.map(([wrong, id]) => [`an id with ${wrong}`, { ids: [id] }, "ids[0]"] as const),
  ])("BatchGetUsers: %s", async (_case, request, ...fields) => {
    await expectFields(given.client.batchGetUsers(request), fields, undefined);
  });

  test.each<Case<UpdateUserRequest>>([
    ...wrongIds,
    ...names,
    ...emails,
    ...phones,
    ["an empty phone", { phone: "" }],
    ...metadata.map(([wrong, { metadata: setMetadata }, ...fields]): Case<UpdateUserRequest> => [
      `${wrong} to set`,
      { setMetadata },
      ...fields.map((field) => `set_${field}`),
    ]),
    ["64 keys to remove", { removeMetadata: Object.keys(notes(64)) }],
    ["65 keys to remove", { removeMetadata: Object.keys(notes(65)) }, "remove_metadata"],
    [
      "wrong keys to remove",
      { removeMetadata: ["a", "", huge, "\0"] },
      ...[1, 2, 3].map((at) => `remove_metadata[${String(at)}]`),
    ],
    ["a key to set and to remove", { setMetadata: { b: "" }, removeMetadata: ["a", "b"] }, "remove_metadata[1]"],
    ...wrongEtags,
    ...wrongRequestIds,
  ])("UpdateUser: %s", async (_case, request, ...fields) => {
    await expectFields(given.client.updateUser({ id: anybody, ...request }), fields, forUnknownUser);
  });

  test.each<Case<DeleteUserRequest>>([...wrongIds, ...wrongEtags, ...wrongRequestIds])(
    "DeleteUser: %s",
    async (_case, request, ...fields) => {
      await expectFields(given.client.deleteUser({ id: anybody, ...request }), fields, forUnknownUser);
    },
  );

  test.each<Case<SetUserStatusRequest>>([
    ...wrongIds,
    ...wrongEtags,
    ["no status", { status: UserStatus.USER_STATUS_UNSPECIFIED }, "status"],
    ["an unknown status", { status: unknownStatus }, "status"],
    ["a negative status", { status: negativeStatus }, "status"],
    ["a reason of 512 emoji", { reason: emoji(512) }],
    ["a reason of 513 characters", { reason: letters(513) }, "reason"],
    ...wrongTexts.map(([wrong, reason]) => [`a reason with ${wrong}`, { reason }, "reason"] as const),
  ])("SetUserStatus: %s", async (_case, request, ...fields) => {
    const status = UserStatus.USER_STATUS_BANNED;
    await expectFields(given.client.setUserStatus({ id: anybody, status, ...request }), fields, forUnknownUser);
  });

  test.each<Case<SetUserRolesRequest>>([...wrongIds, ...wrongEtags, ...roles, ["no roles", { roles: [] }]])(
    "SetUserRoles: %s",
    async (_case, request, ...fields) => {
      await expectFields(given.client.setUserRoles({ id: anybody, ...request }), fields, forUnknownUser);
    },
  );

  test.each<Case<ListUsersRequest>>([
    ["nothing", {}],
    ["page 1 of no size", { page: 1 }],
    ["page 2 of a size", { page: 2, pageSize: 1 }],
    ["the last page there could be", { page: 2_147_483_647, pageSize: 2_147_483_647 }],
    ["an id after which to go on, and a size", { afterId: anybody, pageSize: 1 }],
    ["page 2 of no size", { page: 2 }, "page"],
    ["a negative page", { page: -1 }, "page"],
    ["a negative size", { pageSize: -1 }, "page_size"],
    ["the least numbers", { page: -2_147_483_648, pageSize: -2_147_483_648 }, "page", "page_size"],
    ["page 1 and an id", { page: 1, afterId: anybody }, "page"],
    ["page 2 and an id", { page: 2, pageSize: 1, afterId: anybody }, "page"],
    ["an unknown status", { statusFilter: unknownStatus }, "status_filter"],
    ["a negative status", { statusFilter: negativeStatus }, "status_filter"],
    ["an id of 64 emoji", { afterId: emoji(64) }],
    ["an id of 65 characters", { afterId: letters(65) }, "after_id"],
    ...wrongTexts.map(([wrong, afterId]) => [`an id with ${wrong}`, { afterId }, "after_id"] as const),
  ])("ListUsers: %s", async (_case, request, ...fields) => {
    await expectFields(collect(given.client.listUsers(request)), fields, undefined);
  });

  test.each<Case<ChatMessage>>([
    ["a text in the lobby", {}],
    ["a text of 4,096 emoji", { content: emoji(4_096) }],
    ["a room of 64 characters", { room: `0${"a._:-9".repeat(10)}abc` }],
    ["a user id and a message id of 64 emoji", { userId: emoji(64), messageId: emoji(64) }],
    ["fields that texts do not have", { epoch: huge, sequence: -1n, accessToken: huge, timestamp: new Date(0) }],
    ["no text", { content: "" }, "content"],
    ["a text of 4,097 characters", { content: letters(4_097) }, "content"],
    ["a text of 4,097 emoji", { content: emoji(4_097) }, "content"],
    ...wrongTexts.map(([wrong, content]) => [`a text with ${wrong}`, { content }, "content"] as const),
    ...["Lobby", " lobby", "a b", "-a", ".a", "a/b", "ä", "a\0", letters(65), huge, "lobby\n"].map(
      (room) => [`the room ${JSON.stringify(room).slice(0, 20)}`, { room }, "room"] as const,
    ),
    ["a user id of 65 characters", { userId: letters(65) }, "user_id"],
    ...wrongTexts.map(([wrong, userId]) => [`a user id with ${wrong}`, { userId }, "user_id"] as const),
    ["a message id of 65 characters", { messageId: letters(65) }, "message_id"],
    ...wrongTexts.map(([wrong, messageId]) => [`a message id with ${wrong}`, { messageId }, "message_id"] as const),
    [
      "everything",
      { userId: huge, content: "", room: huge, messageId: huge },
      "user_id",
      "room",
      "message_id",
      "content",
    ],
  ])("Chat: %s", async (_case, message, ...fields) => {
    await expectFields(collect(given.client.chat([{ content: "hello", ...message }])), fields, undefined);
  });

  test("was not surprised by any of this", () => {
    expect(given.unexpected).toEqual([]);
  });
});
