import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { deadlineIn } from "../deadline.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { aborted, createGate } from "../waiting.fixture.js";
import { bindService } from "./bind-service.js";
import { createServer, listen, type ServerOptions, shutDown } from "./create-server.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const insecure = grpc.ServerCredentials.createInsecure();

describe("createServer", () => {
  test.each([
    [
      "an option that is unknown",
      { maxStreams: 1 },
      'unknown option "maxStreams"; the options are maxConcurrentStreams, ',
    ],
    ["nothing allowed", { maxReceiveBytes: 0 }, "option maxReceiveBytes is 0; it takes a whole number above 0"],
    [
      "a fraction",
      { maxConcurrentStreams: 1.5 },
      "option maxConcurrentStreams is 1.5; it takes a whole number above 0",
    ],
    ["no number", { keepaliveMs: Number.NaN }, "option keepaliveMs is NaN; it takes a whole number above 0"],
    ["a negative window", { sendWindowBytes: -1 }, "option sendWindowBytes is -1; it takes a whole number above 0"],
  ])("refuses %s", (_case, options, message) => {
    expect(() => createServer(options as ServerOptions)).toThrow(TypeError);
    expect(() => createServer(options as ServerOptions)).toThrow(message);
  });

  test("takes options that are undefined as not given", () => {
    expect(() => createServer({ maxReceiveBytes: undefined, sendWindowBytes: undefined })).not.toThrow();
  });

  test.each([
    ["a request", "maxReceiveBytes"],
    ["a response", "maxSendBytes"],
  ] as const)("bounds the size of %s", async (_case, option) => {
    // The note's text, its padding and their keys and lengths take six bytes beside the padding itself.
    await using server = await startNoteServer({}, { server: { [option]: 1_000 } });
    await expect(server.client.say(note("n", 994))).resolves.toEqual(note("n", 994));
    const tooLarge = { code: Status.RESOURCE_EXHAUSTED };
    await expect(server.client.say(note("n", 995))).rejects.toMatchObject(tooLarge);
    await expect(server.client.list(note("n", 995)).next()).rejects.toMatchObject(tooLarge);
    await expect(server.client.collect([note("n", 10)])).resolves.toEqual(note("n"));
  });

  test("lets large answers through, many at a time, within the memory of a connection", async () => {
    await using server = await startNoteServer({ say: () => Promise.resolve(note("n", 3_900_000)) });
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => (await server.client.say({})).padding.length),
    );
    expect(answers).toEqual(answers.map(() => 3_900_000));
  }, 60_000);
});

describe("listen", () => {
  test("says why an address cannot be had", async () => {
    const [first, second] = [createServer(), createServer()];
    const port = await listen(first, "127.0.0.1:0", insecure);
    await expect(listen(second, `127.0.0.1:${String(port)}`, insecure)).rejects.toThrow(
      new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${String(port)}: .*EADDRINUSE`),
    );
    await shutDown(first, 0);
    await shutDown(second, 0);
  });
});

describe("shutDown", () => {
  const start = async () => {
    const { promise: started, resolve: begin } = createGate();
    const { promise: stopped, resolve: stop } = createGate();
    const { promise: mayEnd, resolve: end } = createGate();
    const server = createServer();
    const { service, handlers } = bindService(NoteServiceDefinition, {
      async say(request, { signal }) {
        begin(undefined);
        await Promise.race([
          mayEnd,
          aborted(signal).then(() => {
            stop(undefined);
          }),
        ]);
        return request;
      },
      list: () => [][Symbol.iterator]() as never,
      collect: () => Promise.resolve(note("")),
      chat: (requests) => requests,
    });
    server.addService(service, handlers);
    const port = await listen(server, "127.0.0.1:0", insecure);
    const client = new grpc.Client(`127.0.0.1:${String(port)}`, grpc.credentials.createInsecure());
    return { server, started, stopped, end, client };
  };

  const say = (client: grpc.Client) =>
    new Promise<number>((resolve) => {
      const encode = () => Buffer.alloc(0);
      const options = { deadline: deadlineIn(5_000) };
      client.makeUnaryRequest(
        "/test.v1.NoteService/Say",
        encode,
        () => ({}),
        null,
        options,
        (error) => {
          resolve(error?.code ?? grpc.status.OK);
        },
      );
    });

  test("lets calls end by themselves", async () => {
    const { server, started, end, client } = await start();
    const call = say(client);
    await started;
    const ended = shutDown(server, 10_000);
    end(undefined);
    await expect(call).resolves.toBe(grpc.status.OK);
    await expect(ended).resolves.toBe(true);
    client.close();
  });

  test("cuts off those that do not end in time", async () => {
    const { server, started, stopped, client } = await start();
    const call = say(client);
    await started;
    await expect(shutDown(server, 10)).resolves.toBe(false);
    await stopped;
    await expect(call).resolves.toBe(grpc.status.CANCELLED);
    client.close();
  });
});
