import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient } from "../create-client.js";
import { deadlineIn } from "../deadline.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { collect, createGate } from "../waiting.fixture.js";
import { type ChannelOptions, createChannel } from "./channel.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const unavailable = { code: Status.UNAVAILABLE, received: true };

describe("createChannel", () => {
  test.each([
    ["an option that is unknown", { timeoutMs: 5 }, 'unknown option "timeoutMs"; the options are maxReceiveBytes, '],
    ["no time to connect", { connectTimeoutMs: 0 }, "option connectTimeoutMs is 0; it takes a whole number above 0"],
    ["a size that is no number", { maxSendBytes: "1" }, "option maxSendBytes is 1; it takes a whole number above 0"],
    ["an unknown option of tls", { tls: { rootCert: "" } }, 'unknown option "rootCert"'],
  ])("refuses %s", (_case, options, message) => {
    const create = () => createChannel({ address: "127.0.0.1:1", ...options } as ChannelOptions);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });

  test.each([
    ["a response", "maxReceiveBytes"],
    ["a request", "maxSendBytes"],
  ] as const)("bounds the size of %s", async (_case, option) => {
    await using server = await startNoteServer({}, { channel: { [option]: 1_000 } });
    await expect(server.client.say(note("n", 994))).resolves.toEqual(note("n", 994));
    const tooLarge = { code: Status.RESOURCE_EXHAUSTED };
    await expect(server.client.say(note("n", 995))).rejects.toMatchObject(tooLarge);
    await expect(collect(server.client.list(note("n", 995)))).rejects.toMatchObject(tooLarge);
    await expect(server.client.say({ text: "still" })).resolves.toEqual(note("still"));
  });
});

describe("a channel", () => {
  test("connects when asked to, before any call", async () => {
    await using server = await startNoteServer();
    await expect(server.channel.connect()).resolves.toBeUndefined();
  });

  test("says when there is no server", async () => {
    await using channel = createChannel({ address: "127.0.0.1:1" });
    const deadline = deadlineIn(50);
    await expect(channel.connect({ deadline })).rejects.toMatchObject({
      ...unavailable,
      details: `could not connect to 127.0.0.1:1 by ${deadline.toISOString()}`,
    });
  });

  test("fails calls at once when nothing listens", async () => {
    await using channel = createChannel({ address: "127.0.0.1:1" });
    const client = createClient(NoteServiceDefinition, channel);
    await expect(client.say({})).rejects.toMatchObject(unavailable);
    await expect(collect(client.list({}))).rejects.toMatchObject(unavailable);
  });

  test("takes no calls once it is closed", async () => {
    await using server = await startNoteServer();
    await server.client.say({});
    server.channel.close();
    server.channel.close();
    const closed = { ...unavailable, details: `the channel to ${server.address} is closed` };
    await expect(server.client.say({})).rejects.toMatchObject(closed);
    await expect(collect(server.client.list({}))).rejects.toMatchObject(closed);
    await expect(server.channel.connect()).rejects.toMatchObject(closed);
  });

  test("lets its calls end when it is closed", async () => {
    const { promise: started, resolve: start } = createGate();
    const { promise: mayEnd, resolve: end } = createGate();
    await using server = await startNoteServer({
      async say(request) {
        start(undefined);
        await mayEnd;
        return request;
      },
    });
    const call = server.client.say({ text: "last" });
    await started;
    server.channel.close();
    end(undefined);
    await expect(call).resolves.toEqual(note("last"));
  });
});

describe("a server that accepts connections and says nothing", () => {
  let silent: Server;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    silent = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => {
      silent.listen(0, "127.0.0.1", resolve);
    });
  });

  afterEach(() => {
    sockets.forEach((socket) => socket.destroy());
    silent.close();
  });

  const addressOf = (server: Server) => {
    const address = server.address();
    return `127.0.0.1:${String(typeof address === "object" ? address?.port : 0)}`;
  };

  test("fails the calls that wait for it after the time to connect, and the next ones anew", async () => {
    const address = addressOf(silent);
    await using channel = createChannel({ address, connectTimeoutMs: 100 });
    const client = createClient(NoteServiceDefinition, channel);
    const failure = { ...unavailable, details: `could not connect to ${address} within 100 ms` };
    const before = performance.now();
    const calls = [client.say({}), client.collect([{}]), collect(client.list({}))];
    for (const call of calls) {
      await expect(call).rejects.toMatchObject(failure);
    }
    expect(performance.now() - before).toBeGreaterThan(90);
    expect(sockets).toHaveLength(1);
    await expect(client.say({})).rejects.toMatchObject(failure);
    expect(sockets).toHaveLength(2);
  });

  test("does not keep a call beyond its own deadline", async () => {
    await using channel = createChannel({ address: addressOf(silent), connectTimeoutMs: 10_000 });
    const client = createClient(NoteServiceDefinition, channel);
    await expect(client.say({}, { deadline: deadlineIn(50) })).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
  });

  test("gives way to one that answers", async () => {
    await using server = await startNoteServer();
    await using channel = createChannel({ address: addressOf(silent), connectTimeoutMs: 100 });
    const client = createClient(NoteServiceDefinition, channel);
    await expect(client.say({})).rejects.toMatchObject(unavailable);
    silent.removeAllListeners("connection");
    silent.on("connection", (socket) => {
      sockets.push(socket);
      void import("node:net").then(({ createConnection }) => {
        const target = createConnection(Number(server.address.split(":")[1]), "127.0.0.1");
        sockets.push(target);
        socket.pipe(target).pipe(socket);
      });
    });
    await expect(client.say({ text: "at last" })).resolves.toEqual(note("at last"));
  });
});
