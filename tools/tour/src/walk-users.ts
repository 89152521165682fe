import { Status, type User, UserStatus } from "@rollcall/client";
import { expectError } from "./expect-error.js";
import { type Tour, took } from "./tour.js";

const teamSize = 200;

/** The password of whom {@link createOne} made. */
export function passwordOf({ run }: Tour): string {
  return `correct horse ${run}`;
}

/** Makes one user. */
export async function createOne(tour: Tour): Promise<User> {
  const { client, narrator, created, run } = tour;
  narrator.chapter("Create a user", "CreateUser, unary");
  const ada = await client.users.createUser({
    name: "Ada Lovelace",
    email: `ada.${run}@example.com`,
    password: passwordOf(tour),
    metadata: { team: "engines" },
  });
  created.set(ada.id, ada);
  narrator.tell(`${ada.name} <${ada.email}> has id ${ada.id} and etag ${ada.etag}`);
  return ada;
}

/** Reads a user and changes her. */
export async function readAndChange({ client: { users }, narrator }: Tour, ada: User): Promise<void> {
  narrator.chapter("Read her back", "GetUser, unary");
  const { user } = await users.getUser({ id: ada.id });
  narrator.tell(`${user?.name ?? "nobody"} was created at ${user?.createdAt?.toISOString() ?? "no time"}`);

  narrator.chapter("Change only her name and her phone", "UpdateUser, unary");
  const renamed = await users.updateUser({ id: ada.id, name: "Ada King", phone: "+442079460000", etag: ada.etag });
  narrator.tell(`now ${renamed.name}, ${renamed.phone ?? ""}; still ${renamed.email}; etag ${renamed.etag}`);

  narrator.chapter("Change what she may do", "SetUserStatus and SetUserRoles, unary");
  const active = await users.setUserStatus({ id: ada.id, status: UserStatus.USER_STATUS_ACTIVE, reason: "the tour" });
  const changed = await users.setUserRoles({ id: ada.id, roles: ["reader", "engineer"] });
  narrator.tell(`${UserStatus[active.status]}, with the roles ${changed.roles.join(" and ")}`);
}

/** Asks for what cannot be had. */
export async function meetErrors({ client: { users }, narrator }: Tour, ada: User): Promise<void> {
  narrator.chapter("Ask for somebody who does not exist", "GetUser");
  await expectError(narrator, Status.NOT_FOUND, users.getUser({ id: "00000000-0000-7000-8000-000000000000" }));

  narrator.chapter("Create a second user with her e-mail, in capitals", "CreateUser");
  const email = ada.email.toUpperCase();
  await expectError(narrator, Status.ALREADY_EXISTS, users.createUser({ name: "Not Ada", email }));
}

/** Makes a whole team, and reads some of it. */
export async function createMany({ client: { users }, narrator, created, run }: Tour): Promise<void> {
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

/** Lists everybody. */
export async function list({ client: { users }, narrator, created }: Tour): Promise<void> {
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

/** Leaves the server with the users that it had. */
export async function removeAll({ client: { users }, narrator, created }: Tour): Promise<void> {
  narrator.chapter("Delete everybody again", "DeleteUser, unary");
  const startMs = performance.now();
  const ids = [...created.keys()];
  const callsAtOnce = 32;
  for (let start = 0; start < ids.length; start += callsAtOnce) {
    await Promise.all(ids.slice(start, start + callsAtOnce).map((id) => users.deleteUser({ id })));
  }
  narrator.tell(`${ids.length} users in ${took(startMs)}`);
}
