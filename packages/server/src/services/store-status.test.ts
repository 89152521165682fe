import { describe, expect, test } from "@jest/globals";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { Status } from "@rollcall/rpc";
import { sql } from "kysely";
import { openChat } from "../chat/open-chat.fixture.js";
import { createStore } from "../storage/create-store.js";
import { eventually } from "../storage/eventually.fixture.js";
import { openStore } from "../storage/open-store.js";
import { startOwnPostgres } from "../storage/own-postgres.fixture.js";
import { openPostgresDatabase } from "../storage/postgres/open-postgres-database.js";
import { openSqliteDatabase } from "../storage/sqlite/open-sqlite-database.js";
import { createTestHome, databaseNames } from "../storage/test-store.fixture.js";
import { collect, draftUser } from "./draft-user.fixture.js";
import { startUserService, type UserClient } from "./user-service.fixture.js";

const unavailable = {
  code: Status.UNAVAILABLE,
  details: "the database does not answer; try again",
  errorDetails: {
    errorInfo: { reason: "STORE_UNAVAILABLE", domain: "rollcall", metadata: {} },
    retryInfo: { retryDelay: { seconds: 1n, nanos: 0 } },
  },
};

const full = {
  code: Status.RESOURCE_EXHAUSTED,
  details: "the database has no room left",
  errorDetails: { errorInfo: { reason: "STORE_FULL", domain: "rollcall" } },
};

const id = "01890000-0000-7000-8000-000000000000";

const everyCall: Readonly<Record<string, (client: UserClient) => Promise<unknown>>> = {
  GetUser: (client) => client.getUser({ id }),
  BatchGetUsers: (client) => client.batchGetUsers({ ids: [id] }),
  CreateUser: (client) => client.createUser(draftUser()),
  "CreateUser with a request id": (client) => client.createUser(draftUser({ requestId: "1" })),
  UpdateUser: (client) => client.updateUser({ id, name: "Ada" }),
  DeleteUser: (client) => client.deleteUser({ id }),
  ListUsers: (client) => collect(client.listUsers({})),
  "ListUsers from a page on": (client) => collect(client.listUsers({ page: 2, pageSize: 10 })),
  CreateUsers: (client) => client.createUsers([draftUser()]),
  Chat: (client) => collect(client.chat([{ content: "hello" }])),
  SetUserStatus: (client) => client.setUserStatus({ id, status: UserStatus.USER_STATUS_BANNED }),
  SetUserRoles: (client) => client.setUserRoles({ id, roles: [] }),
};

test("a database that is gone ends every call, and those under way, with UNAVAILABLE until it is back", async () => {
  await using postgres = await startOwnPostgres();
  const store = await openStore({ databaseUrl: postgres.url, dataDir: "" });
  await using server = await startUserService(store);
  const { client } = server;
  const user = await client.createUser(draftUser());
  const ada = openChat(client);
  await expect(ada.say("before")).resolves.toMatchObject({ content: "before", sequence: 1n });

  postgres.kill();

  await eventually(async () => {
    await expect(client.getUser({ id })).rejects.toMatchObject(unavailable);
  });
  for (const call of Object.values(everyCall)) {
    await expect(call(client)).rejects.toMatchObject(unavailable);
  }
  await expect(ada.say("during")).rejects.toMatchObject(unavailable);

  await postgres.restart();
  await eventually(async () => {
    await expect(client.getUser({ id: user.id })).resolves.toEqual({ user });
  });
  await expect(collect(client.chat([{ content: "after" }]))).resolves.toMatchObject([
    { content: "after", sequence: 2n },
  ]);
  expect(server.unexpected).toEqual([]);
  await store.close();
}, 60_000);

test("a full database ends what writes with RESOURCE_EXHAUSTED, and what reads goes on", async () => {
  await using home = await createTestHome("SQLite");
  const database = await openSqliteDatabase(home.options);
  const store = createStore(database);
  await using server = await startUserService(store);
  const { client } = server;
  const notes = Object.fromEntries(Array.from({ length: 60 }, (_, key) => [String(key), "x".repeat(500)]));
  const largeUser = () => draftUser({ metadata: notes });
  const user = await client.createUser(largeUser());

  await sql`pragma max_page_count = 1`.execute(database.writes);

  await expect(client.createUser(largeUser())).rejects.toMatchObject(full);
  await expect(client.createUsers([largeUser(), largeUser()])).rejects.toMatchObject(full);
  await expect(collect(client.listUsers({}))).resolves.toEqual([user]);

  await sql`pragma max_page_count = 1000000`.execute(database.writes);
  await expect(client.createUser(largeUser())).resolves.toMatchObject({ metadata: notes });
  expect(server.unexpected).toEqual([]);
  await store.close();
});

describe.each(databaseNames)("a defect of the store on %s", (name) => {
  test("is told to whoever runs the server, and to clients only that there was one", async () => {
    await using home = await createTestHome(name);
    const { databaseUrl, dataDir } = home.options;
    const database =
      databaseUrl === undefined ? await openSqliteDatabase({ dataDir }) : await openPostgresDatabase({ databaseUrl });
    const store = createStore(database);
    await using server = await startUserService(store);
    for (const table of ["users", "answers", "messages", "rooms"]) {
      await sql`drop table ${sql.table(table)}`.execute(database.writes);
    }

    for (const call of Object.values(everyCall)) {
      await expect(call(server.client)).rejects.toMatchObject({
        code: Status.INTERNAL,
        details: expect.stringMatching(
          /^an internal error occurred; quote request id [0-9a-f-]{36} to whoever runs the server$/,
        ),
        errorDetails: { errorInfo: { reason: "INTERNAL", domain: "rollcall", metadata: {} } },
      });
    }

    expect(server.unexpected).toHaveLength(Object.keys(everyCall).length);
    await store.close();
  });
});
