import { expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, Status } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { parseConfig } from "./config.js";
import { createHealthClient } from "./health-client.fixture.js";
import { createLogger } from "./logger.js";
import { startServer, type StartServerOptions } from "./start-server.js";
import { StartError } from "./start-error.js";
import { createTemporaryFolder } from "./temporary-folder.fixture.js";

async function prepare() {
  const folder = await createTemporaryFolder();
  const start = (address = "127.0.0.1:0", options: Partial<StartServerOptions> = {}) =>
    startServer({
      config: parseConfig({ ROLLCALL_AUTH: "off", ROLLCALL_DATA_DIR: folder.path, ROLLCALL_GRPC_ADDRESS: address }),
      logger: createLogger({ level: "silent" }),
      ...options,
    });
  return { start, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test("a server answers where it says that it listens", async () => {
  await using prepared = await prepare();
  await using server = await prepared.start();
  expect(server.address).toBe(`127.0.0.1:${server.port}`);
  using health = createHealthClient(server.address);
  await expect(health.list()).resolves.toEqual({
    statuses: Object.fromEntries(
      [
        "",
        "user.v1.AuthService",
        "user.v1.UserService",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
      ].map((name) => [name, { status: "SERVING" }]),
    ),
  });
});

test("a server that is closed answers nothing, and another can take its folder and its port", async () => {
  await using prepared = await prepare();
  const server = await prepared.start();
  await Promise.all([server.close(), server.close()]);
  const channel = createChannel({ address: server.address });
  await expect(createClient(UserServiceDefinition, channel).getUser({ id: "1" })).rejects.toMatchObject({
    code: Status.UNAVAILABLE,
  });
  channel.close();
  await using next = await prepared.start(server.address);
  expect(next.port).toBe(server.port);
});

test("a start that fails leaves nothing behind", async () => {
  await using prepared = await prepare();
  await using other = await prepare();
  await using occupant = await other.start();
  await expect(prepared.start(occupant.address)).rejects.toThrow(StartError);
  await using server = await prepared.start();
  expect(server.port).not.toBe(occupant.port);
});

test("a start that is given up leaves nothing behind", async () => {
  await using prepared = await prepare();
  const stop = new AbortController();
  const starting = prepared.start(undefined, { signal: stop.signal });
  stop.abort(new Error("not today"));
  await expect(starting).rejects.toThrow("not today");
  await using server = await prepared.start();
  expect(server.port).toBeGreaterThan(0);
});
