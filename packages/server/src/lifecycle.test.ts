import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, Status } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createHealthClient } from "./health-client.fixture.js";
import { startServerProcess } from "./server-process.fixture.js";
import { createTemporaryFolder } from "./temporary-folder.fixture.js";

const slow = 30_000; // a process of its own takes seconds to load on a busy machine

/** A server in a process of its own with a client that has two calls open: CreateUsers, which got one user, and Chat. */
async function startBusy(settings: Readonly<Record<string, string>> = {}) {
  const folder = await createTemporaryFolder();
  const server = startServerProcess({ ROLLCALL_DATA_DIR: folder.path, ...settings });
  const address = await server.address;
  const channel = createChannel({ address });
  const client = createClient(UserServiceDefinition, channel);
  const health = createHealthClient(address);

  let finish = () => undefined as unknown;
  const finished = new Promise((resolve) => {
    finish = () => {
      resolve(undefined);
    };
  });
  const created = client.createUsers(oneUserUntil(finished));
  created.catch(() => undefined); // each test awaits it when its turn has come
  const chat = client.chat(oneTextUntil(finished));
  await chat.next(); // the echo shows that both calls have reached the server: they share one connection, in order

  return {
    server,
    client,
    health,
    created,
    chat,
    finish,
    async [Symbol.asyncDispose]() {
      finish();
      health[Symbol.dispose]();
      channel.close();
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function* oneUserUntil(finished: Promise<unknown>) {
  yield { name: "Ada", email: "ada@example.com" };
  await finished;
}

async function* oneTextUntil(finished: Promise<unknown>) {
  yield { userId: "ada", content: "hello" };
  await finished;
}

const goingAway = {
  code: Status.UNAVAILABLE,
  errorDetails: {
    errorInfo: { reason: "SHUTTING_DOWN", domain: "rollcall" },
    retryInfo: { retryDelay: { seconds: 1n, nanos: 0 } },
  },
};

describe.each(["SIGTERM", "SIGINT"] as const)("on %s", (signal) => {
  test(
    "health turns first, streams are told, running calls finish, and the server ends with 0",
    async () => {
      await using busy = await startBusy();
      const watch = busy.health.watch("user.v1.UserService");
      await expect(watch.next()).resolves.toMatchObject({ value: { status: "SERVING" } });
      busy.server.signal(signal);
      await expect(watch.next()).resolves.toMatchObject({ value: { status: "NOT_SERVING" } });
      await expect(busy.health.check("")).resolves.toEqual({ status: "NOT_SERVING" });
      await expect(busy.chat.next()).rejects.toMatchObject(goingAway);
      await expect(busy.client.getUser({ id: "1" })).rejects.toMatchObject(goingAway);
      busy.finish();
      await expect(busy.created).resolves.toMatchObject({ totalCount: 1, users: [{ name: "Ada" }] });
      await expect(watch.next()).rejects.toMatchObject({ code: Status.UNAVAILABLE });
      await expect(busy.server.exitCode).resolves.toBe(0);
      expect(busy.server.errors).toBe("");
    },
    slow,
  );
});

test(
  "calls that outlast the grace end with a status, and the server with 0",
  async () => {
    await using busy = await startBusy({ ROLLCALL_SHUTDOWN_GRACE_MS: "50" });
    busy.server.signal("SIGTERM");
    await expect(busy.created).rejects.toMatchObject(goingAway);
    await expect(busy.server.exitCode).resolves.toBe(0);
  },
  slow,
);

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)(
  "a second %s ends the server at once with %i",
  async (signal, exitCode) => {
    await using busy = await startBusy();
    busy.server.signal(signal);
    await expect(busy.chat.next()).rejects.toMatchObject(goingAway);
    busy.server.signal(signal);
    await expect(busy.server.exitCode).resolves.toBe(exitCode);
    expect(busy.server.errors).toBe("");
  },
  slow,
);

/** A database that takes connections and says nothing. */
async function startSilentDatabase() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  let socket: Socket | undefined;
  return {
    url: `postgres://me@127.0.0.1:${String(port)}/db`,
    async connected() {
      [socket] = (await once(server, "connection")) as [Socket]; // what this event comes with
    },
    [Symbol.dispose]() {
      socket?.destroy();
      server.close();
    },
  };
}

describe("SIGTERM during the start ends the server with 0", () => {
  test(
    "while the database says nothing",
    async () => {
      using database = await startSilentDatabase();
      await using server = startServerProcess({ ROLLCALL_DATABASE_URL: database.url });
      await database.connected();
      server.signal("SIGTERM");
      await expect(server.exitCode).resolves.toBe(0);
      expect(server.errors).toBe("");
    },
    slow,
  );

  test(
    "when the start then fails",
    async () => {
      using database = await startSilentDatabase();
      await using server = startServerProcess({ ROLLCALL_DATABASE_URL: database.url });
      await database.connected();
      server.signal("SIGTERM");
      await server.printed("stopping before the start is complete");
      database[Symbol.dispose]();
      await expect(server.exitCode).resolves.toBe(0);
      expect(server.errors).toBe("");
    },
    slow,
  );
});
