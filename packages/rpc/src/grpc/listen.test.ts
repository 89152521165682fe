import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { deadlineIn } from "../deadline.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import { aborted, createGate } from "../waiting.fixture.js";
import { bindService } from "./bind-service.js";
import { createServer } from "./create-server.js";
import { listen, shutDown } from "./listen.js";

describe("listen", () => {
  test("says why an address cannot be had", async () => {
    const [first, second] = [createServer(), createServer()];
    const { port } = await listen(first, "127.0.0.1:0");
    await expect(listen(second, `127.0.0.1:${String(port)}`)).rejects.toThrow(
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
    const { port } = await listen(server, "127.0.0.1:0");
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
