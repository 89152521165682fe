import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AuthServiceDefinition } from "@rollcall/contracts/user/v1/auth_service";
import { UserStatus } from "@rollcall/contracts/user/v1/user";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { type CallOptions, createClient, Status, StatusError } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { parseConfig } from "./config.js";
import { createLogger } from "./logger.js";
import { type RunningServer, startServer } from "./start-server.js";
import { eventually } from "./storage/eventually.fixture.js";
import { createTestDatabase } from "./storage/test-postgres.fixture.js";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.fixture.js";

const adminPassword = "a password for tests";
const adaPassword = "correct horse battery";
const as = (token = ""): CallOptions => ({ metadata: { authorization: `Bearer ${token}` } });

/** Clients of one server. */
function clientsOf({ address }: RunningServer) {
  const channel = createChannel({ address });
  return {
    auth: createClient(AuthServiceDefinition, channel),
    users: createClient(UserServiceDefinition, channel),
    close: () => {
      channel.close();
    },
  };
}

describe("two servers on one database, where callers must sign in", () => {
  let folder: TemporaryFolder;
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let servers: RunningServer[];
  let one: ReturnType<typeof clientsOf>;
  let other: ReturnType<typeof clientsOf>;
  let log = "";
  let announced = "";

  beforeAll(async () => {
    folder = await createTemporaryFolder();
    database = await createTestDatabase();
    const config = parseConfig({
      ROLLCALL_GRPC_ADDRESS: "127.0.0.1:0",
      ROLLCALL_DATABASE_URL: database.url,
      ROLLCALL_ADMIN_PASSWORD_FILE: await folder.write("password", adminPassword),
    });
    const destination = { write: (line: string) => (log += line) };
    const logger = createLogger({ level: "trace", readable: false, destination });
    const announce = (text: string) => {
      announced += text;
    };
    servers = await Promise.all([startServer({ config, logger, announce }), startServer({ config, logger, announce })]);
    [one, other] = servers.map(clientsOf) as [typeof one, typeof other]; // there are two
  }, 30_000);

  afterAll(async () => {
    one.close();
    other.close();
    await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    await database[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const signIn = async (email: string, password: string) => {
    const { tokens } = await one.auth.login({ email, password });
    return tokens?.accessToken;
  };
  const admin = () => signIn("admin@rollcall.local", adminPassword);
  const codeOf = (call: Promise<unknown>) =>
    call.then(() => Status.OK).catch((error: unknown) => (error instanceof StatusError ? error.code : undefined));

  const createAda = async (email: string) => {
    const options = as(await admin());
    const { id } = await one.users.createUser({ name: "Ada", email, password: adaPassword }, options);
    return { id, token: await signIn(email, adaPassword) };
  };

  test("nobody is let in without credentials, and everybody to what is theirs with a token of either", async () => {
    const ada = await createAda("ada1@example.com");
    expect(await codeOf(other.users.getUser({ id: ada.id }))).toBe(Status.UNAUTHENTICATED);
    expect(await codeOf(other.users.getUser({ id: ada.id }, as(ada.token)))).toBe(Status.OK);
    expect(await codeOf(other.users.batchGetUsers({ ids: [ada.id] }, as(ada.token)))).toBe(Status.PERMISSION_DENIED);
    expect(await codeOf(other.users.batchGetUsers({ ids: [ada.id] }, as(await admin())))).toBe(Status.OK);
  });

  test.each<[string, (id: string, token: string | undefined, admin: CallOptions) => Promise<unknown>]>([
    ["logs out", (_id, token) => one.auth.logout({}, as(token))],
    [
      "changes the password",
      (_id, token) =>
        one.auth.changePassword({ currentPassword: adaPassword, newPassword: "another good password" }, as(token)),
    ],
    [
      "is banned",
      (id, _token, options) =>
        one.users.setUserStatus({ id, status: UserStatus.USER_STATUS_BANNED, reason: "spam" }, options),
    ],
    ["gets other roles", (id, _token, options) => one.users.setUserRoles({ id, roles: ["reader"] }, options)],
    ["is deleted", (id, _token, options) => one.users.deleteUser({ id }, options)],
  ])("the other server refuses the token of a user who %s, within a second", async (what, change) => {
    const ada = await createAda(`${what.replaceAll(" ", ".")}@example.com`);
    expect(await codeOf(other.users.getUser({ id: ada.id }, as(ada.token)))).toBe(Status.OK);
    await change(ada.id, ada.token, as(await admin()));
    await eventually(async () => {
      expect(await codeOf(other.users.getUser({ id: ada.id }, as(ada.token)))).toBe(Status.UNAUTHENTICATED);
    }, 1_000);
  });

  test("a stream that is open ends with its caller's credentials", async () => {
    const ada = await createAda("ada.chats@example.com");
    const chat = other.users.chat(
      (async function* () {
        yield { content: "hello" };
        await new Promise<never>(() => undefined);
      })(),
      as(ada.token),
    );
    await expect(chat.next()).resolves.toMatchObject({ value: { content: "hello", userId: ada.id } });
    await one.auth.logout({}, as(ada.token));
    await expect(chat.next()).rejects.toMatchObject({ code: Status.UNAUTHENTICATED });
  });

  test("what was done is in the audit log, with who did it to whom, and no secret is in any log", async () => {
    const ada = await createAda("ada.audited@example.com");
    await codeOf(one.users.deleteUser({ id: ada.id }, as("forged")));
    await one.users.deleteUser({ id: ada.id }, as(await admin()));
    const { events } = await one.auth.listAuditEvents({ subject: ada.id }, as(await admin()));
    expect(events.map(({ method, status }) => `${method} ${status}`)).toEqual(
      expect.arrayContaining(["/user.v1.UserService/DeleteUser OK", "/user.v1.UserService/CreateUser OK"]),
    );
    const metrics = await servers[0]?.metrics();
    for (const secret of [adminPassword, adaPassword, ada.token ?? "?", "rcr_", "rck_", "argon2id", '"d":"']) {
      expect([log.includes(secret), metrics?.includes(secret), secret]).toEqual([false, false, secret]);
    }
    expect(announced).toBe("");
  });
});
