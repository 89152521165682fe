import { describe, expect, test } from "@jest/globals";
import { User } from "@rollcall/contracts/user/v1/user";
import { CreateUserRequest, UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, type MessageInit, Status, StatusError } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createServerCall } from "../chat/server-call.fixture.js";
import { createPasswords } from "../passwords.js";
import type { Store } from "../storage/store.js";
import { databaseNames } from "../storage/test-store.fixture.js";
import { createUsers } from "./create-users.js";
import { openCuttable } from "./cuttable.fixture.js";
import { collect, draftUser, draftUsers } from "./draft-user.fixture.js";
import { errorOf, emailTaken, invalid } from "./status.fixture.js";
import { type GivenUserService, givenUserService, startUserService } from "./user-service.fixture.js";

type Draft = MessageInit<CreateUserRequest>;

function tooMany(limit: number) {
  const metadata = { limit: String(limit) };
  return {
    code: Status.RESOURCE_EXHAUSTED,
    errorDetails: { errorInfo: { reason: "TOO_MANY_USERS", domain: "rollcall", metadata } },
  };
}

const notesOf17KiB = Object.fromEntries(
  Array.from({ length: 34 }, (_, number) => [`key${String(number)}`, "x".repeat(500)]),
);

/** Sends some drafts, does something, and then leaves the stream open until the call ends. */
async function* sendAndThen(drafts: readonly Draft[], act: () => unknown): AsyncGenerator<Draft> {
  yield* drafts;
  await act();
  await new Promise<never>(() => undefined);
}

describe.each(databaseNames)("CreateUsers on %s", (name) => {
  const given = givenUserService(name);
  const listUsers = () => collect(given.client.listUsers({}));

  /** Expects an attempt to leave everything as it was, and the server to go on. */
  async function expectNothingStored(attempt: () => Promise<unknown>, server: Pick<GivenUserService, "idle"> = given) {
    const before = await listUsers();
    await attempt();
    await server.idle();
    await expect(listUsers()).resolves.toEqual(before);
    await expect(given.client.createUsers(draftUsers(2))).resolves.toMatchObject({ totalCount: 2 });
    expect(given.unexpected).toEqual([]);
  }

  test("creates all users and answers them in the order sent", async () => {
    const drafts = [
      draftUser({ name: " Grace Hopper ", roles: ["admin"], metadata: { team: "compilers" } }),
      draftUser({ phone: "+41446681800", password: "correct horse" }),
      ...draftUsers(3),
    ];

    const { users, totalCount, hasMore } = await given.client.createUsers(drafts);

    expect({ totalCount, hasMore }).toEqual({ totalCount: 5, hasMore: false });
    expect(users.map(({ email }) => email)).toEqual(drafts.map(({ email }) => email));
    expect(users[0]).toMatchObject({ name: "Grace Hopper", roles: ["admin"], metadata: { team: "compilers" } });
    expect(users[1]).toMatchObject({ phone: "+41446681800", etag: '"1"' });
    await expect(given.client.batchGetUsers({ ids: users.map(({ id }) => id) })).resolves.toEqual({ users });
    const { passwordHash } = (await given.store.users.findCredentials(users[1]?.email ?? "")) ?? {};
    expect(passwordHash).toMatch(/^\$argon2id\$/);
  });

  test("creates nobody when nobody is sent", async () => {
    await expect(given.client.createUsers([])).resolves.toEqual({ users: [], totalCount: 0, hasMore: false });
  });

  test("takes as many as it is configured to", async () => {
    await using server = await startUserService(given.store, { maxUsersPerCall: 3 });

    await expect(server.client.createUsers(draftUsers(3))).resolves.toMatchObject({ totalCount: 3 });
    await expect(server.client.createUsers(draftUsers(4))).rejects.toMatchObject(tooMany(3));
  });

  test.each([
    ["small", 20_000, { name: "x" }],
    ["of 2 KiB", 100_000, { metadata: { a: "x".repeat(512), b: "😀".repeat(384) } }],
    ["of 17 KiB", 1_000_000, { metadata: notesOf17KiB }],
  ])(
    "refuses users %s whose answer would be too large, and takes as many as it says",
    async (_case, bytes, changes) => {
      const options = { maxAnswerBytes: bytes, channel: { maxReceiveBytes: bytes } };
      await using server = await startUserService(given.store, options);
      const before = await listUsers();

      const refusal = await errorOf(server.client.createUsers(draftUsers(1_000, changes)));

      expect(refusal).toMatchObject({
        code: Status.RESOURCE_EXHAUSTED,
        reason: "TOO_MANY_USERS",
        details: expect.stringMatching(
          new RegExp(`^the answer would pass ${String(bytes)} bytes; send at most \\d+ users`),
        ),
      });
      await expect(listUsers()).resolves.toEqual(before);
      const limit = Number(refusal.errorDetails.errorInfo?.metadata["limit"]);
      const { users } = await server.client.createUsers(draftUsers(limit, changes));
      const [userBytes = 0] = users.map((user) => User.encode(user).finish().length);
      expect(limit * userBytes).toBeGreaterThan(bytes * 0.85 - userBytes);
      await expect(server.client.createUsers(draftUsers(limit + 1, changes))).rejects.toMatchObject(tooMany(limit));
    },
  );

  test("refuses users whose answer would pass the 4 MiB that clients accept", async () => {
    await expectNothingStored(async () => {
      await expect(given.client.createUsers(draftUsers(300, { metadata: notesOf17KiB }))).rejects.toMatchObject({
        code: Status.RESOURCE_EXHAUSTED,
        reason: "TOO_MANY_USERS",
        details: expect.stringMatching(/^the answer would pass 4194304 bytes; send at most 2\d\d users/),
      });
    });
  });

  test("refuses all users for a record in the middle that breaks a rule", async () => {
    await expectNothingStored(async () => {
      const drafts = [...draftUsers(17), draftUser({ email: "nonsense", roles: ["", "admin"] }), ...draftUsers(17)];

      await expect(given.client.createUsers(drafts)).rejects.toMatchObject({
        ...invalid("users[17].email", "users[17].roles[0]"),
        details: "users[17].email must be a valid e-mail address; users[17].roles[0] must not be empty",
      });
    });
  });

  test("refuses all users for an e-mail that comes twice, whatever its case", async () => {
    await expectNothingStored(async () => {
      const drafts = draftUsers(20);
      const again = drafts[3]?.email?.toUpperCase() ?? "";

      await expect(
        given.client.createUsers([...drafts, draftUser({ email: again }), ...draftUsers(5)]),
      ).rejects.toMatchObject(emailTaken(again, "users[20].email"));
    });
  });

  test("refuses all users for an e-mail that a user has, whatever its case", async () => {
    const { email } = await given.client.createUser(draftUser());
    await expectNothingStored(async () => {
      const again = email.toUpperCase();

      await expect(given.client.createUsers([...draftUsers(2_500), draftUser({ email: again })])).rejects.toMatchObject(
        emailTaken(again, "users[2500].email"),
      );
    });
  });

  test("of two calls at once with an e-mail in common, one stores all of its users and the other none", async () => {
    const shared = draftUser();
    const before = (await listUsers()).length;

    const results = await Promise.allSettled([
      given.client.createUsers([...draftUsers(100), shared]),
      given.client.createUsers([shared, ...draftUsers(100)]),
    ]);

    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    await expect(listUsers()).resolves.toHaveLength(before + 101);
  });

  test("stores nothing when the client cancels half-way", async () => {
    await expectNothingStored(async () => {
      const cancelling = new AbortController();
      const requests = sendAndThen(draftUsers(50), () => {
        cancelling.abort();
      });

      await expect(given.client.createUsers(requests, { signal: cancelling.signal })).rejects.toMatchObject({
        code: Status.CANCELLED,
      });
    });
  });

  test("stores nothing when the client cancels while passwords are hashed", async () => {
    const cancelling = new AbortController();
    const passwords = {
      ...createPasswords(),
      hash: async () => {
        cancelling.abort();
        await server.client.batchGetUsers({}); // by its answer the server has heard of what came before it
        return "hash";
      },
    };
    await using server = await startUserService(given.store, { passwords });

    await expectNothingStored(async () => {
      await expect(
        server.client.createUsers(draftUsers(3, { password: "correct horse" }), { signal: cancelling.signal }),
      ).rejects.toMatchObject({ code: Status.CANCELLED });
    }, server);
    expect(server.unexpected).toEqual([]);
  });

  test("stores nothing when the client cancels while users are stored", async () => {
    const cancelling = new AbortController();
    const write: Store["write"] = (work) =>
      given.store.write((unit) => {
        const insertMany: typeof unit.users.insertMany = async (users) => {
          const inserted = await unit.users.insertMany(users);
          cancelling.abort();
          await server.client.batchGetUsers({});
          return inserted;
        };
        return work({ ...unit, users: { ...unit.users, insertMany } });
      });
    await using server = await startUserService({ ...given.store, write });

    await expectNothingStored(async () => {
      await expect(server.client.createUsers(draftUsers(3), { signal: cancelling.signal })).rejects.toMatchObject({
        code: Status.CANCELLED,
      });
    }, server);
    expect(server.unexpected).toEqual([]);
  });

  test("stores nothing when the connection breaks half-way", async () => {
    await expectNothingStored(async () => {
      await using line = await openCuttable(given.address);
      await using channel = createChannel({ address: line.address });
      const client = createClient(UserServiceDefinition, channel);

      const requests = sendAndThen(draftUsers(50), async () => {
        await client.batchGetUsers({}); // by its answer the server has what was sent before it
        line.cut();
      });

      await expect(client.createUsers(requests)).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    });
  });

  test("stores nothing when the source of the requests throws half-way", async () => {
    await expectNothingStored(async () => {
      const failure = new Error("the file is damaged");
      const requests = sendAndThen(draftUsers(50), () => Promise.reject(failure));

      await expect(given.client.createUsers(requests)).rejects.toBe(failure);
    });
  });

  test("stores nothing when the deadline passes half-way", async () => {
    await expectNothingStored(async () => {
      const requests = sendAndThen(draftUsers(50), () => undefined);

      await expect(given.client.createUsers(requests, { deadline: new Date(Date.now() + 100) })).rejects.toMatchObject({
        code: Status.DEADLINE_EXCEEDED,
      });
    });
  });
});

test("a cancellation that comes a moment after the end of the requests still comes in time", async () => {
  const { call } = createServerCall();
  const reason = new StatusError(Status.CANCELLED, "cancelled");
  const requests = async function* () {
    yield await Promise.resolve(CreateUserRequest.fromPartial({ name: "Ada", email: "ada@example.com" }));
    setTimeout(() => {
      call.abort(reason);
    }, 5);
  };
  const store = { write: () => Promise.reject(new Error("something was stored")) };
  const options = { store, passwords: createPasswords(), maxUsers: 10, maxAnswerBytes: 10_000 };

  await expect(createUsers(requests(), options, call)).rejects.toMatchObject({ cause: reason });
});

describe.each(databaseNames)("a large CreateUsers on %s", (name) => {
  const given = givenUserService(name);

  test("creates 10,000 users in one call", async () => {
    const drafts = draftUsers(10_000);

    const { users, totalCount } = await given.client.createUsers(drafts);

    expect(totalCount).toBe(10_000);
    expect(users.map(({ email }) => email)).toEqual(drafts.map(({ email }) => email));
  }, 30_000);

  test("refuses 10,001 users, and stores none", async () => {
    const before = await collect(given.client.listUsers({}));

    await expect(given.client.createUsers(draftUsers(10_001))).rejects.toMatchObject({
      ...tooMany(10_000),
      details: "one call creates at most 10000 users; send them in several calls",
    });

    await expect(collect(given.client.listUsers({}))).resolves.toEqual(before);
  }, 30_000);
});
