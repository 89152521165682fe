import { describe, expect, test } from "@jest/globals";
import { Status, StatusError } from "@rollcall/rpc";
import { delayCalls } from "./delay-calls.js";
import { dropAfter } from "./drop-after.js";
import { failCalls } from "./fail-calls.js";
import { createFakeClock } from "./fake-clock.js";
import { PingServiceDefinition } from "./gen/ping/v1/ping.js";
import { createPingService } from "./ping-service.js";
import { startTestServer, type TestServerOptions } from "./start-test-server.js";

const busy = new StatusError(Status.RESOURCE_EXHAUSTED, "busy");
const start = (options: TestServerOptions) => startTestServer(PingServiceDefinition, createPingService(), options);
const onlyPing = ({ name }: { readonly name: string }) => name === "Ping";

describe("failCalls", () => {
  test("ends calls with its status, of the chosen methods alone", async () => {
    await using server = await start({ interceptors: [failCalls(busy, { only: onlyPing })] });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED, details: "busy" });
    await expect(server.client.collect([])).resolves.toEqual({ texts: [] });
  });

  test("lets calls through after as many as it was told", async () => {
    await using server = await start({ interceptors: [failCalls(busy, { times: 2 })] });
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    await expect(server.client.collect([])).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
    await expect(server.client.ping({ text: "third" })).resolves.toMatchObject({ text: "third" });
  });
});

describe("dropAfter", () => {
  const numbers = async (server: Awaited<ReturnType<typeof start>>) => {
    const received: number[] = [];
    for await (const { number } of server.client.count({ to: 5 })) {
      received.push(number);
      expect(received.length).toBeLessThan(6);
    }
    return received;
  };

  test("ends a stream after so many messages", async () => {
    await using server = await start({ interceptors: [dropAfter(2)] });
    const responses = server.client.count({ to: 5 });
    await expect(responses.next()).resolves.toMatchObject({ value: { number: 1 } });
    await expect(responses.next()).resolves.toMatchObject({ value: { number: 2 } });
    const dropped = { code: Status.UNAVAILABLE, details: "dropped after 2 messages" };
    await expect(responses.next()).rejects.toMatchObject(dropped);
  });

  test("ends it with the status that it was given", async () => {
    await using server = await start({ interceptors: [dropAfter(0, { status: busy })] });
    await expect(numbers(server)).rejects.toMatchObject({ code: Status.RESOURCE_EXHAUSTED });
  });

  test("leaves shorter streams, other methods and single responses alone", async () => {
    await using server = await start({ interceptors: [dropAfter(5), dropAfter(0, { only: onlyPing })] });
    await expect(numbers(server)).resolves.toEqual([1, 2, 3, 4, 5]);
    await expect(server.client.ping({ text: "a" })).resolves.toMatchObject({ text: "a" });
  });
});

describe("delayCalls", () => {
  test("holds calls back for its time", async () => {
    const clock = createFakeClock();
    await using server = await start({ interceptors: [delayCalls(1_000, { sleep: clock.sleep })] });
    let answered = false;
    const call = server.client.ping({}).then(() => (answered = true));
    await clock.sleepers();
    await clock.advance(999);
    expect(answered).toBe(false);
    await clock.advance(1);
    await expect(call).resolves.toBe(true);
  });

  test("never reaches the handler with a call that has ended meanwhile", async () => {
    let runs = 0;
    const counting = { ...createPingService(), ping: () => Promise.reject(new Error(`run ${String(++runs)}`)) };
    await using server = await startTestServer(PingServiceDefinition, counting, {
      interceptors: [delayCalls(60_000, { only: onlyPing })],
    });
    await expect(server.client.ping({}, { deadline: new Date(Date.now() + 50) })).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
    await server.client.collect([]);
    expect(runs).toBe(0);
  });
});
