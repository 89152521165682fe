import { describe, expect, test } from "@jest/globals";
import type { Call } from "../call.js";
import type { Interceptor } from "../interceptor.js";
import { note, Note } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import type { Traffic } from "../traffic.js";
import { collect, createGate } from "../waiting.fixture.js";
import { type NoteServer, startNoteServer } from "./start-note-server.fixture.js";

const sizeOf = (...notes: readonly Note[]) =>
  notes.reduce((bytes, one) => bytes + Note.encode(one).finish().byteLength, 0);

/** Interceptors on both sides that keep the traffic of each call. */
function counting() {
  const client: Traffic[] = [];
  const server: Traffic[] = [];
  const keepIn =
    (kept: Traffic[]): Interceptor<Call> =>
    () =>
    async (call, next) => {
      kept.push(call.traffic);
      await next();
    };
  return { client, server, options: { clientInterceptors: [keepIn(client)], interceptors: [keepIn(server)] } };
}

const requests = [note("", 0), note("a"), note("größer", 70_000), note("b", 200)];
const responses = [note("x", 100_000), note(""), note("y")];
const [request = note("")] = requests.slice(2);
const [response = note("")] = responses;

const handlers = {
  say: () => Promise.resolve(response),
  list: async function* () {
    yield* await Promise.resolve(responses);
  },
  collect: async (received: AsyncIterable<Note>) => {
    await collect(received);
    return response;
  },
  chat: async function* (received: AsyncIterable<Note>) {
    await collect(received);
    yield* responses;
  },
};

const kinds: readonly [string, (client: NoteServer["client"]) => Promise<unknown>, readonly Note[], readonly Note[]][] =
  [
    ["say", (client) => client.say(request), [request], [response]],
    ["list", (client) => collect(client.list(request)), [request], responses],
    ["collect", (client) => client.collect(requests), requests, [response]],
    ["chat", (client) => collect(client.chat(requests)), requests, responses],
  ];

describe("the traffic of a call", () => {
  test.each(kinds)("is what both sides of %s encoded and decoded", async (_name, call, sent, answered) => {
    const { client, server, options } = counting();
    await using notes = await startNoteServer(handlers, options);
    await call(notes.client);
    const expected = {
      requests: sent.length,
      requestBytes: sizeOf(...sent),
      responses: answered.length,
      responseBytes: sizeOf(...answered),
    };
    expect(client).toMatchObject([expected]);
    expect(server).toMatchObject([expected]);
  });

  test.each(kinds)("has no answer where %s fails at once", async (_name, call) => {
    const { client, server, options } = counting();
    const fail = () => {
      throw new StatusError(Status.NOT_FOUND, "none");
    };
    await using notes = await startNoteServer({ say: fail, list: fail, collect: fail, chat: fail }, options);
    await expect(call(notes.client)).rejects.toMatchObject({ code: Status.NOT_FOUND });
    expect([...client, ...server]).toMatchObject([
      { responses: 0, responseBytes: 0 },
      { responses: 0, responseBytes: 0 },
    ]);
  });

  test("is counted while it travels", async () => {
    const { client, server, options } = counting();
    const { promise: told, resolve: tell } = createGate();
    async function* two() {
      yield note("first");
      await told;
      yield note("second");
    }
    await using notes = await startNoteServer({ list: two }, options);
    const stream = notes.client.list({});
    await stream.next();
    const first = { responses: 1, responseBytes: sizeOf(note("first")) };
    expect([...client, ...server]).toMatchObject([first, first]);
    tell(undefined);
    await collect(stream);
    expect([...client, ...server]).toMatchObject([{ responses: 2 }, { responses: 2 }]);
  });

  test("counts all attempts of a call that is repeated", async () => {
    const { client, server, options } = counting();
    let attempts = 0;
    await using notes = await startNoteServer(
      {
        say: (received) =>
          ++attempts === 1 ? Promise.reject(new StatusError(Status.UNAVAILABLE, "not yet")) : Promise.resolve(received),
      },
      {
        interceptors: options.interceptors,
        clientInterceptors: [...options.clientInterceptors, () => (_call, next) => next().catch(() => next())],
      },
    );
    await notes.client.say(request);
    expect(client).toMatchObject([{ requests: 2, requestBytes: 2 * sizeOf(request), responses: 1 }]);
    expect(server).toMatchObject([
      { requests: 1, responses: 0 },
      { requests: 1, responses: 1 },
    ]);
  });
});
