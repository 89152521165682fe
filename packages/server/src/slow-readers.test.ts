import { readFile } from "node:fs/promises";
import { type ClientHttp2Session, connect } from "node:http2";
import { expect, test } from "@jest/globals";
import { BatchGetUsersRequest, type CreateUserRequest } from "@rollcall/contracts/user/v1/user_service";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, type MessageInit } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { grpcFrame } from "@rollcall/testing";
import { startServerProcess } from "./server-process.fixture.js";
import { eventually } from "./storage/eventually.fixture.js";
import { createTemporaryFolder } from "./temporary-folder.fixture.js";

const callsEach = 100;
const mebibyte = 1024 * 1024;

/** A user of some 37 KB. */
function largeUser(index: number): MessageInit<CreateUserRequest> {
  const entries = Array.from({ length: 64 }, (_, key) => [`key${key}`, "x".repeat(512)] as const);
  return { name: "Ada", email: `ada${index}@example.com`, metadata: Object.fromEntries(entries) };
}

/** Asks for large answers and reads none of them. */
async function askAndStall(address: string, request: Buffer): Promise<ClientHttp2Session> {
  const session = connect(`http://${address}`, { settings: { initialWindowSize: 0 } });
  session.on("error", () => undefined);
  await new Promise<void>((resolve) => {
    session.once("remoteSettings", () => {
      resolve();
    });
  });
  for (let call = 0; call < callsEach; call++) {
    const stream = session.request({
      ":method": "POST",
      ":path": "/user.v1.UserService/BatchGetUsers",
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => undefined);
    stream.end(request);
  }
  return session;
}

async function peakBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

test.each([
  ["one connection", 1],
  ["ten connections", 10],
])(
  "answers of 3.5 MB that nobody reads, a hundred on %s, neither fill the memory nor stop the server",
  async (_case, connections) => {
    await using folder = await createTemporaryFolder();
    await using server = startServerProcess({ ROLLCALL_DATA_DIR: folder.path });
    const address = await server.address;
    await using channel = createChannel({ address });
    const users = createClient(UserServiceDefinition, channel);
    const created = await users.createUsers(Array.from({ length: 96 }, (_, index) => largeUser(index)));
    const ids = created.users.map(({ id }) => id);
    const request = grpcFrame(BatchGetUsersRequest.encode({ ids }).finish());
    const before = await peakBytes(server.pid);

    const sessions = await Promise.all(Array.from({ length: connections }, () => askAndStall(address, request)));
    await expect(users.getUser({ id: ids[0] ?? "" })).resolves.toMatchObject({ user: { id: ids[0] } });
    expect(((await peakBytes(server.pid)) - before) / mebibyte).toBeLessThan(400);

    sessions.forEach((session) => {
      session.destroy();
    });
    // The server learns of the end of connections in its own time.
    await expect(eventually(() => users.batchGetUsers({ ids }))).resolves.toMatchObject({ users: { length: 96 } });
  },
  60_000,
);
