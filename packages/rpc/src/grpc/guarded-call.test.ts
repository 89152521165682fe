import { createConnection, createServer as createTcpServer, type Server, type Socket } from "node:net";
import type * as grpc from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient } from "../create-client.js";
import { note, Note, NoteServiceDefinition } from "../note-service.fixture.js";
import { collect } from "../waiting.fixture.js";
import { bindService, type BoundService } from "./bind-service.js";
import { createChannel } from "./channel.js";
import { createServer } from "./create-server.js";
import { listen, shutDown } from "./listen.js";
import { stalledCall } from "./stalled-call.fixture.js";

const mebibyte = 1024 * 1024;

/** A service that streams notes, with the encodings of them counted. */
function countedService(
  count: number,
  paddingBytes: number,
): { readonly encoded: { count: number }; readonly service: BoundService } {
  const encoded = { count: 0 };
  const responseType: typeof Note = {
    ...Note,
    encode(message, writer) {
      encoded.count++;
      return Note.encode(message, writer);
    },
  };
  const list = { ...NoteServiceDefinition.methods.list, responseType };
  async function* messages() {
    for (let i = 0; i < count; i++) {
      yield await Promise.resolve(note("n", paddingBytes));
    }
  }
  return { encoded, service: bindService({ ...NoteServiceDefinition, methods: { list } }, { list: messages }) };
}

describe("responses on their way to a client that takes none", () => {
  let server: grpc.Server;

  beforeEach(() => {
    server = createServer({ sendWindowBytes: 3 * mebibyte });
  });

  afterEach(async () => {
    await shutDown(server, 0);
  });

  test.each([
    ["one message, when it is larger than the window", 4_000_000, 1],
    ["messages until the window is full", mebibyte, 3],
    ["the last message only in part", mebibyte * 2, 2],
  ])("are %s", async (_case, paddingBytes, expected) => {
    const { encoded, service } = countedService(50, paddingBytes);
    server.addService(service.service, service.handlers);
    await using _call = await stalledCall(`127.0.0.1:${String((await listen(server, "127.0.0.1:0")).port)}`);
    expect(encoded.count).toBe(expected);
  });

  test("are one message where another binding wrote it", async () => {
    let encoded = 0;
    const path = "/test.v1.NoteService/List";
    const responseSerialize = (message: Note) => {
      encoded++;
      return Buffer.from(Note.encode(message).finish());
    };
    const definition = {
      path,
      requestStream: false,
      responseStream: true,
      requestSerialize: responseSerialize,
      requestDeserialize: (bytes: Buffer) => Note.decode(bytes),
      responseSerialize,
      responseDeserialize: (bytes: Buffer) => Note.decode(bytes),
    };
    const list: grpc.handleServerStreamingCall<Note, Note> = (call) => {
      for (let i = 0; i < 10; i++) {
        call.write(note("n"));
      }
    };
    server.addService({ list: definition }, { list });
    await using _call = await stalledCall(`127.0.0.1:${String((await listen(server, "127.0.0.1:0")).port)}`);
    expect(encoded).toBe(1);
  });
});

describe("small responses", () => {
  let server: grpc.Server;
  let proxy: Server;
  let chunks = 0;
  let sockets: Socket[] = [];

  beforeEach(() => {
    server = createServer();
    chunks = 0;
    sockets = [];
  });

  afterEach(async () => {
    sockets.forEach((socket) => socket.destroy());
    proxy.close();
    await shutDown(server, 0);
  });

  test("are joined, so that many share one packet", async () => {
    const { service } = countedService(10_000, 0);
    server.addService(service.service, service.handlers);
    const { port } = await listen(server, "127.0.0.1:0");
    proxy = createTcpServer((incoming) => {
      const outgoing = createConnection(port, "127.0.0.1");
      sockets.push(incoming, outgoing);
      incoming.pipe(outgoing).on("data", () => chunks++);
      outgoing.pipe(incoming);
    });
    const proxyPort = await listenTcp(proxy);
    await using channel = createChannel({ address: `127.0.0.1:${String(proxyPort)}` });
    const notes = await collect(createClient(NoteServiceDefinition, channel).list({}));
    expect(notes).toHaveLength(10_000);
    expect(chunks).toBeLessThan(1_000);
  });
});

function listenTcp(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address !== null && typeof address === "object") {
        resolve(address.port);
      } else {
        reject(new Error("no port"));
      }
    });
  });
}
