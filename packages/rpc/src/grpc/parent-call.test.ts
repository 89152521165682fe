import { describe, expect, test } from "@jest/globals";
import type { InterceptedClientCall, ServerCall } from "../call.js";
import type { CallOptions } from "../client.js";
import { deadlineIn } from "../deadline.js";
import { createDeferred } from "../deferred.js";
import { Status } from "../status.js";
import { aborted, createGate, rejection } from "../waiting.fixture.js";
import { callByName, type MethodName, methodNames } from "./call-by-name.fixture.js";
import { type NoteHandlers, startNoteServer } from "./start-note-server.fixture.js";

const soonMs = 5_000;
const farMs = 60_000;
const cancelled = { code: Status.CANCELLED };

/** A server whose `say` makes a call to another server for its own call's sake, as a test says. */
async function startChain(
  name: MethodName,
  handlers: Partial<NoteHandlers>,
  optionsOf: (call: ServerCall) => CallOptions,
) {
  const seen: InterceptedClientCall[] = [];
  const failures: unknown[] = [];
  const { promise: behindEnded, resolve: end } = createGate();
  const behind = await startNoteServer(handlers, {
    clientInterceptors: [
      () => (call, next) => {
        seen.push(call);
        return next();
      },
    ],
  });
  const front = await startNoteServer({
    async say(request, call) {
      try {
        await callByName(behind, name, optionsOf(call));
        return request;
      } catch (error) {
        failures.push(error);
        throw error;
      } finally {
        end(undefined);
      }
    },
  });
  return {
    client: front.client,
    seen,
    failures,
    behindEnded,
    async [Symbol.asyncDispose]() {
      await front[Symbol.asyncDispose]();
      await behind[Symbol.asyncDispose]();
    },
  };
}

/** Handlers of every kind that tell of their call, and answer when it is ended. */
function waitingHandlers() {
  const started = createGate();
  const ended = createDeferred<unknown>();
  const deadlines: (Date | undefined)[] = [];
  const wait = async (_request: unknown, { signal, deadline }: ServerCall): Promise<never> => {
    deadlines.push(deadline);
    started.resolve(undefined);
    ended.resolve(await aborted(signal));
    throw new Error("stopped");
  };
  async function* stream(request: unknown, call: ServerCall): AsyncGenerator<never> {
    yield await wait(request, call);
  }
  return {
    started: started.promise,
    ended: ended.promise,
    deadlines,
    handlers: { say: wait, collect: wait, list: stream, chat: stream },
  };
}

const msBetween = (one: Date | undefined, other: Date) => Math.abs((one?.getTime() ?? 0) - other.getTime());

describe("a call for the sake of another", () => {
  test.each(methodNames)("ends with it: %s", async (name) => {
    const { handlers, started, ended } = waitingHandlers();
    await using chain = await startChain(name, handlers, (parent) => ({ parent }));
    const cancelling = new AbortController();
    const call = rejection(chain.client.say({}, { signal: cancelling.signal }));
    await started;
    cancelling.abort();
    await expect(call).resolves.toMatchObject(cancelled);
    await chain.behindEnded;
    expect(chain.failures).toMatchObject([cancelled]);
    await expect(ended).resolves.toMatchObject(cancelled);
  });

  test.each(methodNames)("has its deadline: %s", async (name) => {
    await using chain = await startChain(name, {}, (parent) => ({ parent }));
    const deadline = deadlineIn(farMs);
    await chain.client.say({}, { deadline });
    expect(msBetween(chain.seen[0]?.deadline, deadline)).toBeLessThan(1_000);
  });

  test.each([
    ["its own deadline, where that is nearer", soonMs, soonMs],
    ["the other's deadline, where its own is later", 10 * farMs, farMs],
  ])("has %s", async (_case, ownMs, expectedMs) => {
    await using chain = await startChain("say", {}, (parent) => ({ parent, deadline: deadlineIn(ownMs) }));
    await chain.client.say({}, { deadline: deadlineIn(farMs) });
    expect(msBetween(chain.seen[0]?.deadline, deadlineIn(expectedMs))).toBeLessThan(2_000);
  });

  test("has no deadline where the other has none", async () => {
    await using chain = await startChain("say", {}, (parent) => ({ parent }));
    await chain.client.say({});
    expect(chain.seen[0]?.deadline).toBeUndefined();
  });

  test("has the nearer deadline that an interceptor gave the other", async () => {
    const deadlines: (Date | undefined)[] = [];
    const limit = deadlineIn(soonMs);
    await using behind = await startNoteServer({
      say: (request, { deadline }) => {
        deadlines.push(deadline);
        return Promise.resolve(request);
      },
    });
    await using front = await startNoteServer(
      { say: (request, parent) => behind.client.say(request, { parent }) },
      {
        interceptors: [
          () => (call, next) => {
            call.limitDeadline(limit);
            return next();
          },
        ],
      },
    );
    await front.client.say({}, { deadline: deadlineIn(farMs) });
    expect(msBetween(deadlines[0], limit)).toBeLessThan(1_000);
  });

  test("may still be ended by a signal of its own", async () => {
    const { handlers, started } = waitingHandlers();
    const own = new AbortController();
    await using chain = await startChain("say", handlers, (parent) => ({ parent, signal: own.signal }));
    const call = rejection(chain.client.say({}));
    await started;
    own.abort();
    await call;
    expect(chain.failures).toMatchObject([cancelled]);
  });

  test("still ends with the other, too", async () => {
    const { handlers, started } = waitingHandlers();
    const own = new AbortController();
    await using chain = await startChain("say", handlers, (parent) => ({ parent, signal: own.signal }));
    const cancelling = new AbortController();
    const call = rejection(chain.client.say({}, { signal: cancelling.signal }));
    await started;
    cancelling.abort();
    await call;
    await chain.behindEnded;
    expect(chain.failures).toMatchObject([cancelled]);
  });

  test("tells interceptors of the other", async () => {
    const parents: ServerCall[] = [];
    await using chain = await startChain("list", {}, (parent) => {
      parents.push(parent);
      return { parent };
    });
    await chain.client.say({});
    expect(chain.seen[0]?.parent).toBe(parents[0]);
  });
});

describe("a call that is to outlive the other", () => {
  test.each(methodNames)("has neither its deadline nor its end, and still knows it: %s", async (name) => {
    const { handlers, started, deadlines, ended } = waitingHandlers();
    const own = new AbortController();
    await using chain = await startChain(name, handlers, (parent) => ({
      parent,
      endWithParent: false,
      signal: own.signal,
    }));
    const cancelling = new AbortController();
    const call = rejection(chain.client.say({}, { signal: cancelling.signal, deadline: deadlineIn(farMs) }));
    await started;
    cancelling.abort();
    await call;
    expect(deadlines).toEqual([undefined]);
    expect(chain.seen[0]?.parent?.method.name).toBe("Say");
    expect(chain.failures).toEqual([]);
    const reason = new Error("enough");
    own.abort(reason);
    await chain.behindEnded;
    await ended;
    expect(chain.failures).toMatchObject([{ ...cancelled, cause: reason }]);
  });
});
