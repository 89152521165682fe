import { describe, expect, test } from "@jest/globals";
import { createClient, deadlineIn, Status } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { startProxy } from "./start-proxy.js";
import { startTestServer } from "./start-test-server.js";

/** A server behind a proxy, and a client that goes through it. */
async function start() {
  const server = await startTestServer(PingServiceDefinition, createPingService());
  const proxy = await startProxy(server.address);
  const channel = createChannel({ address: proxy.address });
  return {
    proxy,
    client: createClient(PingServiceDefinition, channel),
    async [Symbol.asyncDispose]() {
      channel.close();
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("startProxy", () => {
  test("lets calls through, large ones too", async () => {
    await using line = await start();
    let bytes = 0;
    for await (const { padding } of line.client.count({ to: 20, paddingBytes: 1_000_000 })) {
      bytes += padding.length;
    }
    expect(bytes).toBe(20_000_000);
    expect(line.proxy.connections).toBe(1);
  });

  test.each(["count", "collect", "echo"] as const)("cuts %s off in the middle", async (name) => {
    await using line = await start();
    async function* endless() {
      for (;;) {
        yield await Promise.resolve({ text: "more" });
      }
    }
    const responses = name === "count" ? line.client.count({ to: 1_000_000_000 }) : line.client.echo(endless());
    const unavailable = { code: Status.UNAVAILABLE, received: true };
    if (name === "collect") {
      await line.client.ping({});
      const answer = line.client.collect(endless());
      setImmediate(() => {
        line.proxy.cut();
      });
      await expect(answer).rejects.toMatchObject(unavailable);
    }
    await responses.next();
    line.proxy.cut();
    const rest = async () => {
      for await (const response of responses) {
        expect(response).toBeDefined();
      }
    };
    await expect(rest()).rejects.toMatchObject(unavailable);
    await expect(line.client.ping({ text: "again" })).resolves.toMatchObject({ text: "again" });
  });

  test("lets nothing through while it stalls, and everything afterwards", async () => {
    await using line = await start();
    await line.client.ping({});
    line.proxy.stall();
    await expect(line.client.ping({}, { deadline: deadlineIn(50) })).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
    const call = line.client.ping({ text: "patient" });
    line.proxy.resume();
    await expect(call).resolves.toMatchObject({ text: "patient" });
  });

  test("delays what passes", async () => {
    await using line = await start();
    await line.client.ping({});
    line.proxy.delay(40);
    const before = performance.now();
    await line.client.ping({});
    expect(performance.now() - before).toBeGreaterThan(75);
  });

  test("refuses what the server behind it refuses", async () => {
    await using proxy = await startProxy("127.0.0.1:1");
    await using channel = createChannel({ address: proxy.address });
    const client = createClient(PingServiceDefinition, channel);
    await expect(client.ping({}, { deadline: deadlineIn(5_000) })).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });
});
