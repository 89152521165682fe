import { getEventListeners } from "node:events";
import { describe, expect, test } from "@jest/globals";
import { deadlineIn } from "../deadline.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { aborted, collect, createGate, rejection } from "../waiting.fixture.js";
import { createClient } from "../create-client.js";
import { callByName, methodNames } from "./call-by-name.fixture.js";
import { createChannel } from "./channel.js";
import { stalledCall } from "./stalled-call.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const cancelled = { code: Status.CANCELLED };
const overdue = { code: Status.DEADLINE_EXCEEDED };
const soonMs = 100;

/** Handlers that wait for the end of their call, and what they heard of it. */
function waitingHandlers() {
  const started = createGate();
  const reasons: unknown[] = [];
  const ended = createGate();
  async function wait(signal: AbortSignal): Promise<never> {
    started.resolve(undefined);
    reasons.push(await aborted(signal));
    ended.resolve(undefined);
    throw new Error("stopped");
  }
  return {
    started: started.promise,
    ended: ended.promise,
    reasons,
    handlers: {
      say: (_request: unknown, { signal }: { signal: AbortSignal }) => wait(signal),
      collect: (_requests: unknown, { signal }: { signal: AbortSignal }) => wait(signal),
      async *list(_request: unknown, { signal }: { signal: AbortSignal }) {
        yield note("first");
        await wait(signal);
      },
      async *chat(_requests: unknown, { signal }: { signal: AbortSignal }) {
        yield note("first");
        await wait(signal);
      },
    },
  };
}

describe("a deadline", () => {
  test("is the same moment on the server, give or take the way there", async () => {
    const seen: (Date | undefined)[] = [];
    await using server = await startNoteServer({
      say: (request, { deadline }) => {
        seen.push(deadline);
        return Promise.resolve(request);
      },
    });
    const deadline = deadlineIn(60_000);
    await server.client.say({}, { deadline });
    await server.client.say({});
    expect(Math.abs((seen[0]?.getTime() ?? 0) - deadline.getTime())).toBeLessThan(1_000);
    expect(seen[1]).toBeUndefined();
  });

  test.each(methodNames)("ends %s at both ends", async (name) => {
    const { handlers, ended, reasons } = waitingHandlers();
    await using server = await startNoteServer(handlers);
    await expect(callByName(server, name, { deadline: deadlineIn(soonMs) })).rejects.toMatchObject(overdue);
    await ended;
    expect(reasons).toMatchObject([overdue]);
    expect(server.unexpected).toEqual([]);
  });

  test("ends a call whose client neither reads nor gives up", async () => {
    const { promise: ended, resolve: end } = createGate();
    const reasons: unknown[] = [];
    await using server = await startNoteServer({
      async *list(_request, { signal }) {
        try {
          for (;;) {
            yield await Promise.resolve(note("large", 500_000));
          }
        } finally {
          reasons.push(signal.reason);
          end(undefined);
        }
      },
    });
    await using _call = await stalledCall(server.address, { "grpc-timeout": `${String(soonMs)}m` });
    await ended;
    expect(reasons).toMatchObject([overdue]);
  });

  test("that has passed never reaches the handler", async () => {
    let calls = 0;
    await using server = await startNoteServer({ say: (request) => Promise.resolve((calls++, request)) });
    await expect(server.client.say({}, { deadline: new Date(0) })).rejects.toMatchObject(overdue);
    await server.client.collect([]);
    expect(calls).toBe(0);
  });

  test("beyond the longest timer does not end the call at once", async () => {
    await using server = await startNoteServer({
      say: async (request, { signal }) =>
        Promise.race([aborted(signal).then(() => note("aborted")), Promise.resolve(request)]),
    });
    const inAYear = { deadline: deadlineIn(365 * 24 * 3_600_000) };
    await expect(server.client.say({ text: "fine" }, inAYear)).resolves.toEqual(note("fine"));
  });
});

describe("the caller's signal", () => {
  test.each(methodNames)("ends %s when it was aborted before", async (name) => {
    await using server = await startNoteServer();
    const reason = new Error("never mind");
    const error = await rejection(callByName(server, name, { signal: AbortSignal.abort(reason) }));
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ ...cancelled, cause: reason, received: true });
  });

  test.each(methodNames)("ends %s while it runs, and stops its handler", async (name) => {
    const { handlers, started, ended, reasons } = waitingHandlers();
    await using server = await startNoteServer(handlers);
    const cancelling = new AbortController();
    const end = callByName(server, name, { signal: cancelling.signal });
    await started;
    const before = performance.now();
    cancelling.abort();
    await expect(end).rejects.toMatchObject(cancelled);
    await ended;
    expect(performance.now() - before).toBeLessThan(100);
    expect(reasons).toMatchObject([cancelled]);
    expect(server.unexpected).toEqual([]);
  });

  test("does nothing to a call that has ended", async () => {
    await using server = await startNoteServer();
    const cancelling = new AbortController();
    const answer = await server.client.say({ text: "done" }, { signal: cancelling.signal });
    const listed = await collect(server.client.list({ text: "done" }, { signal: cancelling.signal }));
    cancelling.abort();
    expect([answer, ...listed]).toEqual([note("done"), note("done")]);
    await expect(server.client.say({ text: "next" })).resolves.toEqual(note("next"));
  });

  test("may be shared by many calls, and ends them all", async () => {
    const { handlers, started } = waitingHandlers();
    await using server = await startNoteServer(handlers);
    const { signal, abort } = createAbort();
    const calls = methodNames.flatMap((name) => Array.from({ length: 15 }, () => callByName(server, name, { signal })));
    const results = Promise.allSettled(calls);
    await started;
    expect(getEventListeners(signal, "abort")).toHaveLength(1); // more than ten are reported as a leak
    abort();
    expect((await results).map(({ status }) => status)).toEqual(calls.map(() => "rejected"));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("is let go when the last of its calls has ended", async () => {
    const { promise: told, resolve: tell } = createGate();
    await using server = await startNoteServer({ list: () => waitFor(told) });
    const { signal } = createAbort();
    const listed = collect(server.client.list({}, { signal }));
    await server.client.say({}, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    tell(undefined);
    await listed;
    expect(getEventListeners(signal, "abort")).toEqual([]);
    await expect(server.client.say({ text: "again" }, { signal })).resolves.toEqual(note("again"));
  });
});

function createAbort() {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    abort: () => {
      controller.abort();
    },
  };
}

async function* waitFor(told: Promise<unknown>): AsyncGenerator<never> {
  await told;
  yield* [];
}

describe("a reader that leaves", () => {
  test.each(["list", "chat"] as const)("the responses of %s early stops the handler within 100 ms", async (name) => {
    const { handlers, ended, reasons } = waitingHandlers();
    await using server = await startNoteServer(handlers);
    let before = 0;
    for await (const response of name === "list" ? server.client.list({}) : server.client.chat([])) {
      expect(response).toEqual(note("first"));
      before = performance.now();
      break;
    }
    await ended;
    expect(performance.now() - before).toBeLessThan(100);
    expect(reasons).toMatchObject([cancelled]);
  });

  test("its responses at the end of a block cancels the call", async () => {
    const { handlers, started, ended } = waitingHandlers();
    await using server = await startNoteServer(handlers);
    {
      await using responses = server.client.list({});
      await responses.next();
      await started;
    }
    await ended;
  });

  test("stops a source of responses that is waiting and knows nothing of signals", async () => {
    const { promise: stopped, resolve: stop } = createGate();
    const { promise: waiting, resolve: wait } = createGate();
    await using server = await startNoteServer({
      list: () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => {
            wait(undefined);
            await stopped;
            return { done: true, value: undefined };
          },
          return: () => {
            stop(undefined);
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      }),
    });
    const responses = server.client.list({});
    await waiting;
    await responses.return();
    await stopped;
  });
});

describe("an ended call", () => {
  test("leaves the requests of a client alone that the server no longer wants", async () => {
    const { promise: stopped, resolve: stop } = createGate();
    async function* endless() {
      try {
        for (;;) {
          yield await Promise.resolve({ text: "more" });
        }
      } finally {
        stop(undefined);
      }
    }
    await using server = await startNoteServer({
      async collect(requests) {
        for await (const request of requests) {
          return note(`enough of ${request.text}`);
        }
        return note("none");
      },
    });
    await expect(server.client.collect(endless())).resolves.toEqual(note("enough of more"));
    await stopped;
  });

  test("tells a source of requests that is waiting", async () => {
    const { promise: stopped, resolve: stop } = createGate();
    const silent: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          stop(undefined);
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    await using server = await startNoteServer({ collect: () => Promise.resolve(note("without you")) });
    await expect(server.client.collect(silent)).resolves.toEqual(note("without you"));
    await stopped;
  });

  test.each(["collect", "chat"] as const)("of %s fails as its source of requests did", async (name) => {
    const { handlers, started, ended } = waitingHandlers();
    const failure = new Error("the file is gone");
    async function* failing() {
      yield { text: "a" };
      await started;
      throw failure;
    }
    await using server = await startNoteServer(handlers);
    const { collect: gather, chat } = server.client;
    const error = await rejection(name === "collect" ? gather(failing()) : collect(chat(failing())));
    expect(error).toBe(failure);
    await ended;
  });
});

describe("many cancelled calls", () => {
  // Node closes a connection on which a thousand streams are reset in a short time.
  const cyclesPerConnection = 500;
  const cycles = process.env["ROLLCALL_SOAK"] === "1" ? 10_000 : 1_000;

  test(`leave nothing behind after ${String(cycles)} cycles`, async () => {
    let running = 0;
    let runs = 0;
    let rssHalfway = 0;
    await using server = await startNoteServer({
      async *list(_request, { signal }) {
        running++;
        runs++;
        try {
          yield note("first");
          await aborted(signal);
        } finally {
          running--;
        }
      },
    });
    const cancelOnce = async (client: typeof server.client) => {
      const responses = client.list({});
      await responses.next();
      await responses.return();
    };
    for (let cycle = 0; cycle < cycles; cycle += cyclesPerConnection) {
      rssHalfway = cycle === cycles / 2 ? process.memoryUsage.rss() : rssHalfway;
      await using channel = createChannel({ address: server.address });
      const client = createClient(NoteServiceDefinition, channel);
      for (let batch = 0; batch < cyclesPerConnection; batch += 20) {
        await Promise.all(Array.from({ length: 20 }, () => cancelOnce(client)));
      }
    }
    while (running > 0) {
      await server.client.say({}); // gives the last cancellations the time to arrive
    }
    expect(runs).toBe(cycles);
    expect((process.memoryUsage.rss() - rssHalfway) / 1024 / 1024).toBeLessThan(64);
  }, 60_000);
});
