import { expect, test } from "@jest/globals";
import { UserServiceDefinition } from "@rollcall/contracts/user/v1/user_service";
import { createClient, Status } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createHealthClient } from "./health-client.fixture.js";
import { startWholeServer } from "./start-whole-server.fixture.js";
import { startOwnPostgres } from "./storage/own-postgres.fixture.js";

test("health turns while the database is down, calls fail fast, and both recover by themselves", async () => {
  await using postgres = await startOwnPostgres();
  await using server = await startWholeServer({ ROLLCALL_DATABASE_URL: postgres.url });
  using health = createHealthClient(server.address);
  const channel = createChannel({ address: server.address });
  const client = createClient(UserServiceDefinition, channel);
  const watch = health.watch("user.v1.UserService");
  await expect(watch.next()).resolves.toMatchObject({ value: { status: "SERVING" } });

  postgres.kill();
  await expect(watch.next()).resolves.toMatchObject({ value: { status: "NOT_SERVING" } });
  await expect(client.getUser({ id: "1" })).rejects.toMatchObject({
    code: Status.UNAVAILABLE,
    reason: "STORE_UNAVAILABLE",
  });

  await postgres.restart();
  await expect(watch.next()).resolves.toMatchObject({ value: { status: "SERVING" } });
  await expect(client.getUser({ id: "1" })).rejects.toMatchObject({ code: Status.NOT_FOUND });
  channel.close();
}, 60_000);
