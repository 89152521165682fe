import { beforeAll, describe, expect, test } from "@jest/globals";
import { type User, UserStatus } from "@rollcall/contracts/user/v1/user";
import type { ListUsersRequest } from "@rollcall/contracts/user/v1/user_service";
import { type MessageInit, Status } from "@rollcall/rpc";
import type { Store } from "../storage/store.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { collect, draftUser, draftUsers } from "./draft-user.fixture.js";
import { givenUserService, startUserService, type UserClient } from "./user-service.fixture.js";

const { USER_STATUS_ACTIVE, USER_STATUS_INACTIVE, USER_STATUS_BANNED } = UserStatus;

const idsOf = (users: readonly User[]) => users.map(({ id }) => id);

/** The same store, which counts how often it reads a page. */
function countPages(store: Store): { readonly store: Store; readonly pages: () => number } {
  let count = 0;
  const page: Store["users"]["page"] = (query) => {
    count += 1;
    return store.users.page(query);
  };
  return { store: { ...store, users: { ...store.users, page } }, pages: () => count };
}

/** Gives the server ample time to do what it should not. */
async function makeManyCalls(client: UserClient): Promise<void> {
  for (let call = 0; call < 50; call += 1) {
    await client.batchGetUsers({});
  }
}

describe.each(databaseNames)("ListUsers on %s", (name) => {
  const given = givenUserService(name);
  let users: readonly User[] = [];

  const list = (request: MessageInit<ListUsersRequest>) => collect(given.client.listUsers(request));
  const ofStatus = (status: UserStatus) => users.filter((user) => user.status === status);

  beforeAll(async () => {
    const { users: created } = await given.client.createUsers(draftUsers(703));
    users = await Promise.all(
      created.map(async (user, index) =>
        index % 3 === 0 ? given.client.setUserStatus({ id: user.id, status: USER_STATUS_BANNED }) : user,
      ),
    );
  });

  test("streams everybody in the order of ids", async () => {
    await expect(list({})).resolves.toEqual(users);
    expect(users).toHaveLength(703);
    expect(idsOf(users)).toEqual(idsOf(users).toSorted());
  });

  test.each([
    [1, 10],
    [2, 10],
    [71, 10],
    [72, 10],
    [1, 250],
    [2, 250],
    [3, 250],
    [1, 703],
    [2, 703],
    [1, 704],
    [703, 1],
    [704, 1],
    [100_000, 100_000],
  ])("streams page %d of %d users", async (page, pageSize) => {
    const expected = users.slice((page - 1) * pageSize, page * pageSize);

    await expect(list({ page, pageSize })).resolves.toEqual(expected);
    await expect(list({ page, pageSize, statusFilter: USER_STATUS_BANNED })).resolves.toEqual(
      ofStatus(USER_STATUS_BANNED).slice((page - 1) * pageSize, page * pageSize),
    );
  });

  test("takes page 0 for the first one", async () => {
    await expect(list({ pageSize: 7 })).resolves.toEqual(users.slice(0, 7));
    await expect(list({ page: 1 })).resolves.toEqual(users);
  });

  test("streams the users of one status", async () => {
    await expect(list({ statusFilter: USER_STATUS_ACTIVE })).resolves.toEqual(ofStatus(USER_STATUS_ACTIVE));
    await expect(list({ statusFilter: USER_STATUS_BANNED })).resolves.toEqual(ofStatus(USER_STATUS_BANNED));
    await expect(list({ statusFilter: USER_STATUS_INACTIVE })).resolves.toEqual([]);
  });

  test("goes on after the last id that was received", async () => {
    const afterId = users[499]?.id ?? "";

    await expect(list({ afterId })).resolves.toEqual(users.slice(500));
    await expect(list({ afterId, pageSize: 10 })).resolves.toEqual(users.slice(500, 510));
    await expect(list({ afterId, statusFilter: USER_STATUS_BANNED })).resolves.toEqual(
      users.slice(500).filter(({ status }) => status === USER_STATUS_BANNED),
    );
    await expect(list({ afterId: users.at(-1)?.id })).resolves.toEqual([]);
  });

  test("goes on after a user who is gone by now", async () => {
    const { id } = await given.client.createUser(draftUser());
    const last = await given.client.createUser(draftUser());
    await given.client.deleteUser({ id });

    await expect(list({ afterId: id })).resolves.toEqual([last]);
    await given.client.deleteUser({ id: last.id });
  });

  test("streams users who are there all the time once, while others come and go", async () => {
    const { users: created } = await given.client.createUsers(draftUsers(5_000));
    const doomed = new Set(idsOf(created.filter((_, index) => index % 25 === 0)));
    const staying = [...idsOf(users), ...idsOf(created).filter((id) => !doomed.has(id))];
    const leaving = doomed.values();
    const received: string[] = [];

    for await (const { id } of given.client.listUsers({})) {
      received.push(id);
      if (received.length % 20 === 0) {
        const next = leaving.next();
        await Promise.all([
          given.client.createUser(draftUser()),
          ...(next.done === true ? [] : [given.client.deleteUser({ id: next.value })]),
        ]);
      }
    }

    expect(received).toEqual([...new Set(received)].toSorted());
    const seen = new Set(received);
    expect(staying.filter((id) => !seen.has(id))).toEqual([]);
  }, 60_000);

  test("ends with CANCELLED when the client cancels", async () => {
    const cancelling = new AbortController();
    const reading = async () => {
      for await (const { id } of given.client.listUsers({}, { signal: cancelling.signal })) {
        expect(id).toBe(users[0]?.id);
        cancelling.abort();
      }
    };

    await expect(reading()).rejects.toMatchObject({ code: Status.CANCELLED });
    expect(given.unexpected).toEqual([]);
  });
});

describe.each(databaseNames)("a reader of ListUsers on %s", (name) => {
  const given = givenUserService(name);

  test("gets nobody when there is nobody", async () => {
    await expect(collect(given.client.listUsers({}))).resolves.toEqual([]);
    await expect(collect(given.client.listUsers({ page: 2, pageSize: 10 }))).resolves.toEqual([]);
  });

  const largeUsers = () =>
    given.client.createUsers(
      draftUsers(500, { metadata: { a: "x".repeat(512), b: "😀".repeat(512), c: "😀".repeat(512) } }),
    );

  test("has no more read for it than it takes", async () => {
    await largeUsers();
    await largeUsers();
    const { store, pages } = countPages(given.store);
    await using server = await startUserService(store);
    const reader = server.client.listUsers({});

    await reader.next();
    await makeManyCalls(given.client);
    expect(pages()).toBe(1);

    for (let taken = 1; taken < 400; taken += 1) {
      await reader.next();
    }
    await makeManyCalls(given.client);
    expect(pages()).toBeLessThanOrEqual(3);

    await expect(collect(reader)).resolves.toHaveLength(600);
    expect(pages()).toBe(5);
  });

  test("ends the reading when it stops early", async () => {
    const { store, pages } = countPages(given.store);
    await using server = await startUserService(store);

    const reader = server.client.listUsers({});
    await reader.next();
    await reader.return();

    await makeManyCalls(given.client);
    expect(pages()).toBe(1);
    expect(server.unexpected).toEqual([]);
  });
});
