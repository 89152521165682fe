import {
  deadlineIn,
  type ErrorCode,
  type RollcallClient,
  Status,
  StatusError,
  type User,
  UserStatus,
} from "@rollcall/client";
import type { Narrator } from "./narrator.js";

const teamSize = 200;
const chatDeadlineMs = 400;

/** Everything that the walk made, so that it leaves the server as it was. */
type Created = Map<string, User>;

/**
 * Walks through every call of the service, telling what happens.
 *
 * @throws Error if a call does anything but what it should.
 */
export async function walk({ users }: RollcallClient, narrator: Narrator, run: string): Promise<void> {
  const created: Created = new Map();
  try {
    const ada = await createOne(users, narrator, created, run);
    await readAndChange(users, narrator, ada);
    await meetErrors(users, narrator, ada);
    await createMany(users, narrator, created, run);
    await list(users, narrator, created);
    await talk(users, narrator, run);
    await missDeadline(users, narrator, run);
  } finally {
    await removeAll(users, narrator, created);
  }
}

type Users = RollcallClient["users"];

async function createOne(users: Users, narrator: Narrator, created: Created, run: string): Promise<User> {
  narrator.chapter("Create a user", "CreateUser, unary");
  const ada = await users.createUser({
    name: "Ada Lovelace",
    email: `ada.${run}@example.com`,
    password: `correct horse ${run}`,
    roles: ["reader"],
    metadata: { team: "engines" },
  });
  created.set(ada.id, ada);
  narrator.tell(`${ada.name} <${ada.email}> has id ${ada.id} and etag ${ada.etag}`);
  return ada;
}

async function readAndChange(users: Users, narrator: Narrator, ada: User): Promise<void> {
  narrator.chapter("Read her back", "GetUser, unary");
  const { user } = await users.getUser({ id: ada.id });
  narrator.tell(`${user?.name ?? "nobody"} was created at ${user?.createdAt?.toISOString() ?? "no time"}`);

  narrator.chapter("Change only her name and her phone", "UpdateUser, unary");
  const renamed = await users.updateUser({ id: ada.id, name: "Ada King", phone: "+442079460000", etag: ada.etag });
  narrator.tell(`now ${renamed.name}, ${renamed.phone ?? ""}; still ${renamed.email}; etag ${renamed.etag}`);

  narrator.chapter("Change what she may do", "SetUserStatus and SetUserRoles, unary");
  const active = await users.setUserStatus({ id: ada.id, status: UserStatus.USER_STATUS_ACTIVE, reason: "the tour" });
  const promoted = await users.setUserRoles({ id: ada.id, roles: ["reader", "admin"] });
  narrator.tell(`${UserStatus[active.status]}, with the roles ${promoted.roles.join(" and ")}`);
}

async function meetErrors(users: Users, narrator: Narrator, ada: User): Promise<void> {
  narrator.chapter("Ask for somebody who does not exist", "GetUser");
  await expectError(narrator, Status.NOT_FOUND, users.getUser({ id: "00000000-0000-7000-8000-000000000000" }));

  narrator.chapter("Create a second user with her e-mail, in capitals", "CreateUser");
  const email = ada.email.toUpperCase();
  await expectError(narrator, Status.ALREADY_EXISTS, users.createUser({ name: "Not Ada", email }));
}

async function createMany(users: Users, narrator: Narrator, created: Created, run: string): Promise<void> {
  narrator.chapter(`Create ${teamSize} users at once, all or none`, "CreateUsers, client streaming");
  function* team() {
    for (let number = 1; number <= teamSize; number++) {
      yield { name: `Member ${number}`, email: `member.${number}.${run}@example.com` };
    }
  }
  const startMs = performance.now();
  const answer = await users.createUsers(team());
  for (const user of answer.users) {
    created.set(user.id, user);
  }
  narrator.tell(`${answer.totalCount} users in ${took(startMs)}`);

  narrator.chapter("Read three of them in one call", "BatchGetUsers, unary");
  const three = await users.batchGetUsers({ ids: answer.users.slice(0, 3).map(({ id }) => id) });
  narrator.tell(three.users.map(({ name }) => name).join(", "));
}

async function list(users: Users, narrator: Narrator, created: Created): Promise<void> {
  narrator.chapter("List everybody", "ListUsers, server streaming");
  const startMs = performance.now();
  let ours = 0;
  let all = 0;
  for await (const user of users.listUsers({})) {
    all += 1;
    ours += created.has(user.id) ? 1 : 0;
  }
  if (ours !== created.size) {
    throw new Error(`the list has ${ours} of the ${created.size} users of this tour`);
  }
  narrator.tell(`${all} users in ${took(startMs)}, among them all ${ours} of this tour`);
}

async function talk(users: Users, narrator: Narrator, run: string): Promise<void> {
  narrator.chapter("Say something in a room, and hear it", "Chat, bidirectional streaming");
  function* say() {
    yield { userId: "ada", room: `tour-${run}`, content: "Good morning, everybody." };
    yield { userId: "ada", content: "The engine weaves algebraic patterns." };
  }
  for await (const { sequence, userId, content, timestamp } of users.chat(say())) {
    narrator.tell(`#${sequence} ${timestamp?.toISOString() ?? ""} ${userId}: ${content}`);
  }
}

async function missDeadline(users: Users, narrator: Narrator, run: string): Promise<void> {
  narrator.chapter(`Wait for an answer that does not come, for at most ${chatDeadlineMs} ms`, "Chat, with a deadline");
  async function* sayNothingMore() {
    yield { userId: "ada", room: `tour-${run}`, content: "Anybody?" };
    await new Promise(() => undefined);
  }
  async function listen() {
    for await (const { content } of users.chat(sayNothingMore(), { deadline: deadlineIn(chatDeadlineMs) })) {
      narrator.tell(`heard only the echo: ${content}`);
    }
  }
  await expectError(narrator, Status.DEADLINE_EXCEEDED, listen());
}

async function removeAll(users: Users, narrator: Narrator, created: Created): Promise<void> {
  narrator.chapter("Delete everybody again", "DeleteUser, unary");
  const startMs = performance.now();
  const ids = [...created.keys()];
  const callsAtOnce = 32;
  for (let start = 0; start < ids.length; start += callsAtOnce) {
    await Promise.all(ids.slice(start, start + callsAtOnce).map((id) => users.deleteUser({ id })));
  }
  narrator.tell(`${ids.length} users in ${took(startMs)}`);
}

async function expectError(narrator: Narrator, code: ErrorCode, call: Promise<unknown>): Promise<void> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof StatusError) || error.code !== code) {
    throw new Error(`expected the call to end with ${Status[code]}`, { cause: error });
  }
  narrator.expected(`${Status[code]}${error.reason === undefined ? "" : ` (${error.reason})`}: ${error.details}`);
}

function took(startMs: number): string {
  return `${Math.round(performance.now() - startMs)} ms`;
}
