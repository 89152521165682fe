import { connect } from "node:http2";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, test } from "@jest/globals";
import { createClient } from "../create-client.js";
import { createDeferred } from "../deferred.js";
import { note, Note, NoteServiceDefinition } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { aborted, createGate, rejection } from "../waiting.fixture.js";
import { bindService } from "./bind-service.js";
import { callByName, methodNames } from "./call-by-name.fixture.js";
import { createChannel } from "./channel.js";
import { createServer } from "./create-server.js";
import { handlerOf } from "./grpc-js-internals.js";
import { listen, shutDown } from "./listen.js";
import { unaryServerOf } from "./native-handler.js";
import { echoing, startNoteServer } from "./start-note-server.fixture.js";

const say = { ...NoteServiceDefinition, methods: { say: NoteServiceDefinition.methods.say } };

/** Sends a body to `Say`, and answers with the code and the text of the status that comes back. */
async function statusOfBody(address: string, body: Uint8Array): Promise<readonly [code: number, details: string]> {
  const session = connect(`http://${address}`);
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": "/test.v1.NoteService/Say",
      "content-type": "application/grpc",
      "content-length": body.byteLength,
      te: "trailers",
    });
    stream.resume();
    stream.end(body);
    return await new Promise((resolve, reject) => {
      stream.once("error", reject);
      for (const event of ["response", "trailers"]) {
        stream.once(event, (headers: Record<string, string>) => {
          if (headers["grpc-status"] !== undefined) {
            resolve([Number(headers["grpc-status"]), decodeURI(headers["grpc-message"] ?? "")]);
          }
        });
      }
    });
  } finally {
    session.destroy();
  }
}

function frame(message: Uint8Array): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([header, message]);
}

describe("the handler of a unary method", () => {
  const request = frame(Note.encode(note("once")).finish());

  test.each([
    ["answers one request", request, Status.OK, "OK"],
    ["answers an empty one", frame(new Uint8Array()), Status.OK, "OK"],
    ["refuses none", new Uint8Array(), Status.UNIMPLEMENTED, "the method takes a request, and there is none"],
    [
      "refuses several",
      Buffer.concat([request, request]),
      Status.UNIMPLEMENTED,
      "the method takes one request, and there are several",
    ],
    ["refuses one that is cut short", request.subarray(0, -1), Status.INTERNAL, "the last request is incomplete"],
    ["refuses what is no message", frame(new Uint8Array([255])), Status.INTERNAL, "Error deserializing request"],
  ])("%s", async (_case, body, code, details) => {
    let calls = 0;
    await using server = await startNoteServer({ say: (received) => Promise.resolve((calls++, received)) });
    await expect(statusOfBody(server.address, body)).resolves.toEqual([code, details]);
    expect(calls).toBe(code === Status.OK ? 1 : 0);
  });

  test("is recognised in grpc-js's call, so that the call needs no stream", async () => {
    const { service, handlers } = bindService(say, echoing);
    const found: unknown[] = [];
    const server = new grpc.Server({
      interceptors: [
        (_method, call) => {
          found.push(handlerOf(call));
          return new grpc.ServerInterceptingCall(call);
        },
      ],
    });
    server.addService(service, handlers);
    const port = await bindPlainly(server);
    await using channel = createChannel({ address: `127.0.0.1:${String(port)}` });
    await createClient(say, channel).say({});
    server.forceShutdown();
    expect(found).toEqual([handlers["say"]]);
    expect(unaryServerOf(handlers["say"])).toBeDefined();
  });

  test("is called through whatever somebody has put around it", async () => {
    const { service, handlers } = bindService(say, echoing);
    const inner = handlers["say"] as grpc.handleUnaryCall<unknown, unknown>; // so `nativeHandler` makes it
    let passed = 0;
    const outer: grpc.handleUnaryCall<unknown, unknown> = (call, callback) => {
      passed++;
      inner(call, callback);
    };
    const server = createServer();
    server.addService(service, { say: outer });
    const { port } = await listen(server, "127.0.0.1:0");
    await using channel = createChannel({ address: `127.0.0.1:${String(port)}` });
    await expect(createClient(say, channel).say({ text: "a" })).resolves.toEqual(note("a"));
    await shutDown(server, 0);
    expect(passed).toBe(1);
  });
});

describe("a server that is none of ours", () => {
  test.each(methodNames)("serves %s as well", async (name) => {
    const { started, ended, server } = plainServer();
    const port = await bindPlainly(server);
    await using channel = createChannel({ address: `127.0.0.1:${String(port)}` });
    const plain = { client: createClient(NoteServiceDefinition, channel) };
    await expect(callByName(plain, name)).resolves.toEqual(["in"]);
    await expect(callByName(plain, name, { metadata: { fail: "yes" } })).rejects.toMatchObject({
      code: Status.NOT_FOUND,
      details: "as asked",
    });
    const cancelling = new AbortController();
    const call = rejection(callByName(plain, name, { metadata: { wait: "yes" }, signal: cancelling.signal }));
    await started.promise;
    cancelling.abort();
    await expect(call).resolves.toMatchObject({ code: Status.CANCELLED });
    await expect(ended.promise).resolves.toMatchObject({ code: Status.CANCELLED });
    server.forceShutdown();
  });
});

/** grpc-js's own server, with calls that end as their metadata says. */
function plainServer() {
  const started = createGate();
  const ended = createDeferred<unknown>();
  const { service, handlers } = bindService(NoteServiceDefinition, echoing, {
    interceptors: [
      () => async (call, next) => {
        if (call.metadata.has("fail")) {
          throw new StatusError(Status.NOT_FOUND, "as asked");
        }
        if (call.metadata.has("wait")) {
          started.resolve(undefined);
          ended.resolve(await aborted(call.signal));
        }
        await next();
      },
    ],
  });
  const server = new grpc.Server();
  server.addService(service, handlers);
  return { started, ended, server };
}

function bindPlainly(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) {
        resolve(port);
      } else {
        reject(error);
      }
    });
  });
}
