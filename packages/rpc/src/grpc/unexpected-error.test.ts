import { describe, expect, jest, test } from "@jest/globals";
import { createClient } from "../create-client.js";
import { createDeferred } from "../deferred.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { aborted, collect, createGate, rejection } from "../waiting.fixture.js";
import { callByName } from "./call-by-name.fixture.js";
import { type NoteHandlers, startNoteServer } from "./start-note-server.fixture.js";

const unexpected = { code: Status.INTERNAL, details: "the server failed unexpectedly", errorDetails: {} };

function failingWith(error: unknown): NoteHandlers {
  const fail = () => {
    const { promise, reject } = createDeferred<never>();
    reject(error);
    return promise;
  };
  async function* failing() {
    yield note("before");
    await fail();
  }
  return { say: fail, collect: fail, list: failing, chat: failing };
}

describe("a handler that throws a StatusError", () => {
  test.each(["say", "list", "collect", "chat"] as const)("ends %s with its status", async (name) => {
    const errorInfo = { reason: "EMAIL_TAKEN", domain: "rollcall", metadata: { email: "a@b" } };
    const badRequest = { fieldViolations: [] };
    const unknown = [{ typeUrl: "type.googleapis.com/test.v1.Other", value: new Uint8Array([7]) }];
    const error = new StatusError(Status.ALREADY_EXISTS, "taken", {
      errorDetails: { errorInfo, badRequest, unknown: unknown },
      cause: new Error("SELECT secret FROM users"),
    });
    await using server = await startNoteServer(failingWith(error));
    const { say, list, collect: gather, chat } = server.client;
    const calls = {
      say: () => say({}),
      list: () => collect(list({})),
      collect: () => gather([]),
      chat: () => collect(chat([])),
    };
    const received = await rejection(calls[name]());
    expect(received).toBeInstanceOf(StatusError);
    expect(received).toMatchObject({
      code: Status.ALREADY_EXISTS,
      details: "taken",
      reason: "EMAIL_TAKEN",
      received: true,
    });
    expect((received as StatusError).errorDetails).toEqual({
      errorInfo,
      badRequest,
      unknown: unknown.map(({ typeUrl, value }) => ({ typeUrl, value: Buffer.from(value) })),
    });
    expect(server.unexpected).toEqual([]);
  });

  test("may say more than a trailer holds: the client hears the status and the reason", async () => {
    const endless = "ü".repeat(100_000);
    const errorInfo = { reason: "TOO_MUCH", domain: "", metadata: {} };
    const badRequest = {
      fieldViolations: [{ field: endless, description: "", reason: "", localizedMessage: undefined }],
    };
    const error = new StatusError(Status.INVALID_ARGUMENT, endless, { errorDetails: { errorInfo, badRequest } });
    await using server = await startNoteServer(failingWith(error));
    const received = await rejection(server.client.say({}));
    expect(received).toMatchObject({ code: Status.INVALID_ARGUMENT, reason: "TOO_MUCH" });
    expect(received).toHaveProperty("details", "ü".repeat(1_024));
  });

  test.each([
    ["a line feed and a percent sign", "100 %\nsure", "100 %\nsure"],
    ["text beyond ASCII", "größer als 5 🎉", "größer als 5 🎉"],
    ["half a surrogate pair", "half \ud800 pair", "half \ufffd pair"],
    ["nothing", "", ""],
  ])("may have %s in its details", async (_case, details, expected) => {
    const errorInfo = { reason: details, domain: "", metadata: {} };
    await using server = await startNoteServer(
      failingWith(new StatusError(Status.INVALID_ARGUMENT, details, { errorDetails: { errorInfo } })),
    );
    const received = await rejection(server.client.say({}));
    expect(received).toMatchObject({ code: Status.INVALID_ARGUMENT, details: expected, reason: expected });
  });
});

describe("a handler that fails otherwise", () => {
  const secret = 'duplicate key value violates unique constraint "users_email_key" DETAIL: Key (email)=(a@b)';

  test.each([
    ["an Error", new Error(secret)],
    ["an Error that looks like a status", Object.assign(new Error(secret), { code: 6, details: secret, metadata: {} })],
    ["a text", secret],
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["a status received from another server", new StatusError(Status.NOT_FOUND, secret, { received: true })],
  ])("tells the client nothing of %s, and the listener all", async (_case, error) => {
    await using server = await startNoteServer(failingWith(error));
    await expect(server.client.say({})).rejects.toMatchObject(unexpected);
    await expect(server.client.collect([])).rejects.toMatchObject(unexpected);
    await expect(collect(server.client.list({}))).rejects.toMatchObject(unexpected);
    await expect(collect(server.client.chat([]))).rejects.toMatchObject(unexpected);
    expect(server.unexpected).toEqual([error, error, error, error]);
  });

  test("may throw before it returns a promise", async () => {
    const fail = () => {
      throw new Error(secret);
    };
    await using server = await startNoteServer({ say: fail, list: fail, collect: fail, chat: fail });
    await expect(server.client.say({})).rejects.toMatchObject(unexpected);
    await expect(collect(server.client.list({}))).rejects.toMatchObject(unexpected);
    await expect(server.client.collect([])).rejects.toMatchObject(unexpected);
    await expect(collect(server.client.chat([]))).rejects.toMatchObject(unexpected);
    expect(server.unexpected).toHaveLength(4);
  });

  test("may answer nothing", async () => {
    const nothing = () => Promise.resolve(undefined as never);
    await using server = await startNoteServer({ say: nothing, list: () => undefined as never });
    await expect(server.client.say({})).rejects.toMatchObject(unexpected);
    await expect(collect(server.client.list({}))).rejects.toMatchObject(unexpected);
    expect(server.unexpected.map(String)).toEqual([
      "Error: the handler of /test.v1.NoteService/Say answered nothing",
      expect.stringContaining("TypeError"),
    ]);
  });

  test("may answer what cannot be written", async () => {
    const stopped = createGate();
    await using server = await startNoteServer({
      say: () => Promise.resolve({ text: "a" } as never),
      async *list() {
        try {
          yield await Promise.resolve(note("a"));
          yield { text: "b" } as never;
          throw new Error("nobody wants more");
        } finally {
          stopped.resolve(undefined);
        }
      },
    });
    await expect(server.client.say({})).rejects.toMatchObject({ code: Status.INTERNAL });
    await expect(collect(server.client.list({}))).rejects.toMatchObject({ code: Status.INTERNAL });
    await stopped.promise;
    expect(server.unexpected).toEqual([expect.any(TypeError), expect.any(TypeError)]);
    await expect(server.client.collect([{ text: "still" }])).resolves.toEqual(note("still"));
  });

  test.each(["say", "list", "collect", "chat"] as const)(
    "may end %s with details that cannot be written",
    async (name) => {
      const retryInfo = { retryDelay: { seconds: 2 as never, nanos: 0 } }; // the field takes a bigint
      const error = new StatusError(Status.UNAVAILABLE, "later", { errorDetails: { retryInfo } });
      await using server = await startNoteServer(failingWith(error));
      await expect(callByName(server, name)).rejects.toMatchObject(unexpected);
      expect(server.unexpected).toEqual([expect.any(TypeError)]);
    },
  );

  test("may fail once more after its client has gone", async () => {
    const started = createGate();
    const failed = createGate();
    await using server = await startNoteServer({
      async say(_request, { signal }) {
        started.resolve(undefined);
        await aborted(signal);
        failed.resolve(undefined);
        throw new Error("too late");
      },
    });
    const cancelling = new AbortController();
    const call = server.client.say({}, { signal: cancelling.signal });
    await started.promise;
    cancelling.abort();
    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED });
    await failed.promise;
    await expect(server.client.collect([])).resolves.toEqual(note(""));
    expect(server.unexpected).toEqual([]);
  });

  test("does not pass on the status of a call that it made itself", async () => {
    await using behind = await startNoteServer(failingWith(new StatusError(Status.NOT_FOUND, secret)));
    const downstream = createClient(NoteServiceDefinition, behind.channel);
    await using server = await startNoteServer({ say: (request) => downstream.say(request) });
    await expect(server.client.say({})).rejects.toMatchObject(unexpected);
  });

  test("may have a listener that fails as well", async () => {
    using output = jest.spyOn(console, "error").mockReturnValue(undefined);
    const [first, second] = [new Error("first"), new Error("second")];
    await using server = await startNoteServer(failingWith(first), {
      onUnexpectedError: () => {
        throw second;
      },
    });
    await expect(server.client.say({})).rejects.toMatchObject(unexpected);
    await expect(collect(server.client.list({}))).rejects.toMatchObject(unexpected);
    expect(output.mock.calls.map(([, error]: unknown[]) => error)).toEqual([first, second, first, second]);
  });
});
