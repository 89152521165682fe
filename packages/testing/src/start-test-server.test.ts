import { describe, expect, test } from "@jest/globals";
import { createClient, Status } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { startTestServer } from "./start-test-server.js";

describe("startTestServer", () => {
  test("starts servers side by side, each with its own client", async () => {
    await using first = await startTestServer(PingServiceDefinition, createPingService());
    await using second = await startTestServer(PingServiceDefinition, createPingService());
    expect(first.address).not.toBe(second.address);
    await expect(first.client.ping({ text: "1" })).resolves.toMatchObject({ text: "1" });
    await expect(second.client.ping({ text: "2" })).resolves.toMatchObject({ text: "2" });
  });

  test("hands its options to server and channel", async () => {
    const options = { server: { maxReceiveBytes: 100 }, channel: { maxSendBytes: 50 } };
    await using server = await startTestServer(PingServiceDefinition, createPingService(), options);
    const tooLarge = { code: Status.RESOURCE_EXHAUSTED };
    await expect(server.client.ping({ text: "x".repeat(60) })).rejects.toMatchObject(tooLarge);
    await using channel = createChannel({ address: server.address });
    const client = createClient(PingServiceDefinition, channel);
    await expect(client.ping({ text: "x".repeat(60) })).resolves.toBeDefined();
    await expect(client.ping({ text: "x".repeat(110) })).rejects.toMatchObject(tooLarge);
  });

  test("stops the server at the end of the block, running calls and all", async () => {
    let address: string;
    let end: Promise<unknown>;
    {
      await using server = await startTestServer(PingServiceDefinition, createPingService());
      address = server.address;
      const responses = server.client.count({ to: 1_000_000_000, paddingBytes: 10_000 });
      await responses.next();
      end = expect(drain(responses)).rejects.toHaveProperty("code");
    }
    await end;
    await using channel = createChannel({ address });
    const client = createClient(PingServiceDefinition, channel);
    await expect(client.ping({})).rejects.toMatchObject({ code: Status.UNAVAILABLE });
  });
});

async function drain(responses: AsyncIterable<unknown>): Promise<void> {
  for await (const response of responses) {
    expect(response).toBeDefined();
  }
}
