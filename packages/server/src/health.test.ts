import { describe, expect, test } from "@jest/globals";
import { Status } from "@rollcall/rpc";
import { createServer, listen, shutDown } from "@rollcall/rpc/grpc";
import { createHealth } from "./health.js";
import { createHealthClient } from "./health-client.fixture.js";

const serving = { status: "SERVING" };
const notServing = { status: "NOT_SERVING" };

async function start() {
  const server = createServer();
  const health = createHealth(["user.v1.UserService"]);
  health.addTo(server);
  const { port } = await listen(server, "127.0.0.1:0");
  const client = createHealthClient(`127.0.0.1:${port}`);
  return {
    health,
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await shutDown(server, 0);
    },
  };
}

describe("createHealth", () => {
  test.each([[""], ["user.v1.UserService"]])("serves %j at first", async (service) => {
    await using running = await start();
    await expect(running.client.check(service)).resolves.toEqual(serving);
  });

  test.each([[""], ["user.v1.UserService"]])(
    "tells when %j does not serve, and when it does again",
    async (service) => {
      await using running = await start();
      running.health.setServing(false);
      await expect(running.client.check(service)).resolves.toEqual(notServing);
      running.health.setServing(true);
      await expect(running.client.check(service)).resolves.toEqual(serving);
    },
  );

  test("does not know other services", async () => {
    await using running = await start();
    await expect(running.client.check("user.v1.Nobody")).rejects.toMatchObject({ code: Status.NOT_FOUND });
    await expect(running.client.watch("user.v1.Nobody").next()).resolves.toMatchObject({
      value: { status: "SERVICE_UNKNOWN" },
    });
  });

  test("tells whoever watches each change once", async () => {
    await using running = await start();
    const watch = running.client.watch("");
    await expect(watch.next()).resolves.toMatchObject({ value: serving });
    running.health.setServing(true);
    running.health.setServing(false);
    running.health.setServing(false);
    running.health.setServing(true);
    await expect(watch.next()).resolves.toMatchObject({ value: notServing });
    await expect(watch.next()).resolves.toMatchObject({ value: serving });
  });

  test("lists all services", async () => {
    await using running = await start();
    await expect(running.client.list()).resolves.toEqual({ statuses: { "": serving, "user.v1.UserService": serving } });
  });

  test("never serves again once it leaves", async () => {
    await using running = await start();
    running.health.leave();
    running.health.setServing(true);
    await expect(running.client.check("")).resolves.toEqual(notServing);
  });

  test("tells whoever watches that it leaves before it ends the call", async () => {
    await using running = await start();
    const watch = running.client.watch("");
    await expect(watch.next()).resolves.toMatchObject({ value: serving });
    running.health.leave();
    running.health.endWatches();
    await expect(watch.next()).resolves.toMatchObject({ value: notServing });
    await expect(watch.next()).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });
});
