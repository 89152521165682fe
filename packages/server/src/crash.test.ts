import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type Client, createClient, deadlineIn, Status, StatusError } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { describe, expect, jest, test } from "@jest/globals";
import { startServerProcess } from "./server-process.fixture.js";
import { startWholeServer } from "./start-whole-server.fixture.js";
import { eventually } from "./storage/eventually.fixture.js";
import { startOwnPostgres } from "./storage/own-postgres.fixture.js";
import { createTestHome, databaseNames } from "./storage/test-store.fixture.js";
import { createTemporaryFolder } from "./temporary-folder.fixture.js";

const isSoak = process.env["ROLLCALL_SOAK"] === "1";
const rounds = isSoak ? 10 : 1;
const callsAtOnce = 16;

jest.setTimeout(isSoak ? 600_000 : 60_000);

type Users = Client<UserServiceDefinition>;

function connect(address: string): { readonly users: Users } & Disposable {
  const channel = createChannel({ address, maxReconnectBackoffMs: 100 });
  return {
    users: createClient(UserServiceDefinition, channel),
    [Symbol.dispose]: () => {
      channel.close();
    },
  };
}

/** Creates users until told to stop, and keeps the ids of those that the server acknowledged and all errors. */
function writeUsers(users: Users, run: string) {
  const acknowledged: string[] = [];
  const errors: unknown[] = [];
  let isOver = false;
  const writers = Array.from({ length: callsAtOnce }, async (_, writer) => {
    for (let number = 0; !isOver; number++) {
      const email = `${run}.${writer}.${number}@example.com`;
      await users.createUser({ name: "Writer", email }, { deadline: deadlineIn(5_000) }).then(
        ({ id }) => acknowledged.push(id),
        (error: unknown) => errors.push(error),
      );
    }
  });
  return {
    acknowledged,
    errors,
    stop: async () => {
      isOver = true;
      await Promise.all(writers);
    },
  };
}

type Answer = Awaited<ReturnType<Users["createUser"]>>;

function requestOf(requestId: string) {
  return { name: "Writer", email: `${requestId}@example.com`, requestId };
}

/** Like {@link writeUsers}, with request ids. Notes each before it is sent, and the answer once there is one. */
function writeUsersOnce(users: Users, run: string, sent: Map<string, Answer | undefined>) {
  let isOver = false;
  const writers = Array.from({ length: callsAtOnce }, async (_, writer) => {
    for (let number = 0; !isOver; number++) {
      const requestId = `${run}.${writer}.${number}`;
      sent.set(requestId, undefined);
      try {
        sent.set(requestId, await users.createUser(requestOf(requestId), { deadline: deadlineIn(5_000) }));
      } catch {
        return; // the server is gone
      }
    }
  });
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(writers);
    },
  };
}

function acknowledgedIn(sent: ReadonlyMap<string, Answer | undefined>, run: string): number {
  return [...sent].filter(([requestId, answer]) => requestId.startsWith(run) && answer !== undefined).length;
}

async function expectAll(users: Users, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += 500) {
    const some = ids.slice(start, start + 500);
    const { users: found } = await users.batchGetUsers({ ids: some });
    expect(found.map(({ id }) => id)).toEqual(some);
  }
}

async function listIds(users: Users): Promise<string[]> {
  const ids = [];
  for await (const { id } of users.listUsers({})) {
    ids.push(id);
  }
  return ids;
}

describe("a server that is killed while it writes", () => {
  test("has every acknowledged user when it starts again on the same folder", async () => {
    await using folder = await createTemporaryFolder();
    const settings = { ROLLCALL_DATA_DIR: folder.path };
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      await using server = startServerProcess(settings);
      using client = connect(await server.address);
      const writing = writeUsers(client.users, `round.${round}`);
      await eventually(async () => {
        expect(writing.acknowledged.length).toBeGreaterThan(300);
      });
      server.signal("SIGKILL");
      await server.exitCode;
      await writing.stop();
      acknowledged.push(...writing.acknowledged);
    }
    await using server = startServerProcess(settings);
    using client = connect(await server.address);
    await expectAll(client.users, acknowledged);
    await expect(client.users.createUser({ name: "Next", email: "next@example.com" })).resolves.toMatchObject({
      name: "Next",
    });
  });

  test("has all users of a CreateUsers or none", async () => {
    await using folder = await createTemporaryFolder();
    const settings = { ROLLCALL_DATA_DIR: folder.path };
    const batch = Array.from({ length: 5_000 }, (_, n) => ({ name: "Many", email: `many.${n}@example.com` }));
    {
      await using server = startServerProcess(settings);
      using client = connect(await server.address);
      const creating = client.users.createUsers(batch).catch((error: unknown) => error);
      await client.users.listUsers({}).next(); // the server is at it
      server.signal("SIGKILL");
      await creating;
    }
    await using server = startServerProcess(settings);
    using client = connect(await server.address);
    expect([0, batch.length]).toContain((await listIds(client.users)).length);
  });
});

describe.each(databaseNames)("a server that is killed while it writes to %s", (name) => {
  test("gives repeats of what took effect the first answer, and lets the others take effect exactly once", async () => {
    await using home = await createTestHome(name);
    const { databaseUrl, dataDir } = home.options;
    const settings =
      databaseUrl === undefined ? { ROLLCALL_DATA_DIR: dataDir } : { ROLLCALL_DATABASE_URL: databaseUrl };
    const sent = new Map<string, Answer | undefined>();
    for (let round = 0; round < rounds; round++) {
      await using server = startServerProcess(settings);
      using client = connect(await server.address);
      const writing = writeUsersOnce(client.users, `round.${round}`, sent);
      await eventually(async () => {
        expect(acknowledgedIn(sent, `round.${round}`)).toBeGreaterThan(200);
      });
      server.signal("SIGKILL");
      await server.exitCode;
      await writing.stop();
    }
    await using server = startServerProcess(settings);
    using client = connect(await server.address);
    const ids = [];
    for (const [requestId, acknowledged] of sent) {
      const answer = await client.users.createUser(requestOf(requestId));
      expect(answer).toEqual(acknowledged ?? answer);
      ids.push(answer.id);
    }
    expect(ids.toSorted()).toEqual(await listIds(client.users)); // each once, and nobody else
    expect([...sent.values()]).toContain(undefined); // some were under way
  });
});

describe("a server whose PostgreSQL is killed while it writes", () => {
  test("answers UNAVAILABLE meanwhile, goes on by itself afterwards, and has lost no acknowledged user", async () => {
    await using postgres = await startOwnPostgres();
    await using server = await startWholeServer({ ROLLCALL_DATABASE_URL: postgres.url });
    using client = connect(server.address);
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const writing = writeUsers(client.users, `round.${round}`);
      await eventually(async () => {
        expect(writing.acknowledged.length).toBeGreaterThan(200);
      });
      postgres.kill();
      await eventually(async () => {
        expect(writing.errors.length).toBeGreaterThan(50);
      });
      await postgres.restart();
      const before = writing.acknowledged.length;
      await eventually(async () => {
        expect(writing.acknowledged.length).toBeGreaterThan(before + 50);
      });
      await writing.stop();
      acknowledged.push(...writing.acknowledged);
      expect(writing.errors.map(describeError)).toEqual(writing.errors.map(() => "UNAVAILABLE STORE_UNAVAILABLE"));
    }
    await expectAll(client.users, acknowledged);
  });
});

function describeError(error: unknown): string {
  return error instanceof StatusError ? `${Status[error.code]} ${error.reason ?? ""}` : String(error);
}
