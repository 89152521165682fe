import { setImmediate } from "node:timers/promises";
import * as grpc from "@grpc/grpc-js";
import { describe, expect, jest, test } from "@jest/globals";
import type { InterceptedServerCall, ServerCall } from "../call.js";
import { deadlineIn } from "../deadline.js";
import { createDeferred } from "../deferred.js";
import type { ServerInterceptor } from "../interceptor.js";
import { methodOf } from "../method.js";
import { note, NoteServiceDefinition } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { aborted, collect, createGate } from "../waiting.fixture.js";
import { callByName, type MethodName, methodNames } from "./call-by-name.fixture.js";
import type { NativeCall, Outcome } from "./native-call.js";
import { serveCalls } from "./serve-calls.js";
import { type NoteHandlers, startNoteServer } from "./start-note-server.fixture.js";

const overdue = { code: Status.DEADLINE_EXCEEDED, details: "the deadline of the call has passed" };
const soonMs = 50;
const farMs = 60_000;

/** Limits each call as a test says, and writes down what became of it. */
function limiting(...deadlines: readonly Date[]) {
  const calls: InterceptedServerCall[] = [];
  const ends: unknown[] = [];
  const interceptor: ServerInterceptor = () => async (call, next) => {
    calls.push(call);
    deadlines.forEach((deadline) => {
      call.limitDeadline(deadline);
    });
    try {
      await next();
      ends.push("ok");
    } catch (error) {
      ends.push(error);
      throw error;
    }
  };
  return { calls, ends, interceptors: [interceptor] };
}

/** Handlers that take no notice of their signal, and answer once they are told. */
function stubbornHandlers() {
  const { promise: told, resolve: tell } = createGate();
  const answer = async () => {
    await told;
    return note("late");
  };
  async function* stream() {
    yield note("first");
    yield await answer();
  }
  const handlers: NoteHandlers = { say: answer, collect: answer, list: stream, chat: stream };
  return {
    handlers,
    tell: () => {
      tell(undefined);
    },
  };
}

describe("a limit to the deadline", () => {
  test.each(methodNames)("ends %s for its client while the handler still works", async (name) => {
    const { handlers, tell } = stubbornHandlers();
    const { ends, interceptors } = limiting(deadlineIn(soonMs));
    await using server = await startNoteServer(handlers, { interceptors });
    await expect(callByName(server, name)).rejects.toMatchObject(overdue);
    expect(ends).toEqual([]);
    tell();
    await callByName(server, name).catch(() => undefined);
    expect(ends[0]).toMatchObject(overdue);
    expect(server.unexpected).toEqual([]);
  });

  test.each(methodNames)("is where %s stops that heeds its signal", async (name) => {
    const reasons: unknown[] = [];
    const heed = async (_request: unknown, { signal }: { signal: AbortSignal }) => {
      reasons.push(await aborted(signal));
      return note("stopped");
    };
    async function* stream(request: unknown, call: { signal: AbortSignal }) {
      yield await heed(request, call);
    }
    const { interceptors } = limiting(deadlineIn(soonMs));
    await using server = await startNoteServer(
      { say: heed, collect: heed, list: stream, chat: stream },
      { interceptors },
    );
    await expect(callByName(server, name)).rejects.toMatchObject(overdue);
    expect(reasons).toMatchObject([overdue]);
  });

  test("is the deadline that the handler sees", async () => {
    const limit = deadlineIn(farMs);
    const { calls, interceptors } = limiting(limit);
    await using server = await startNoteServer({}, { interceptors });
    await server.client.say({}, { deadline: deadlineIn(2 * farMs) });
    await server.client.say({});
    expect(calls.map(({ deadline }) => deadline)).toEqual([limit, limit]);
  });

  test("is the nearest of several", async () => {
    const nearest = deadlineIn(farMs);
    const { calls, interceptors } = limiting(deadlineIn(2 * farMs), nearest, deadlineIn(3 * farMs));
    await using server = await startNoteServer({}, { interceptors });
    await server.client.say({});
    expect(calls[0]?.deadline).toEqual(nearest);
  });

  test.each(methodNames)("leaves a nearer deadline of %s's client in force", async (name) => {
    const { handlers, tell } = stubbornHandlers();
    const { calls, interceptors } = limiting(deadlineIn(farMs));
    await using server = await startNoteServer(handlers, { interceptors });
    const deadline = deadlineIn(soonMs);
    await expect(callByName(server, name, { deadline })).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(Math.abs((calls[0]?.deadline?.getTime() ?? 0) - deadline.getTime())).toBeLessThan(1_000);
    tell();
  });

  test("may come after somebody has asked for the signal", async () => {
    const { handlers, tell } = stubbornHandlers();
    const signals: AbortSignal[] = [];
    const asking: ServerInterceptor = () => (call, next) => {
      signals.push(call.signal);
      return next();
    };
    const { interceptors } = limiting(deadlineIn(soonMs));
    await using server = await startNoteServer(handlers, { interceptors: [asking, ...interceptors] });
    await expect(server.client.say({}, { deadline: deadlineIn(farMs) })).rejects.toMatchObject(overdue);
    expect(signals[0]?.reason).toMatchObject(overdue);
    tell();
  });

  test.each<[string, Date]>([
    ["in the past", new Date(0)],
    ["just now", deadlineIn(0)],
  ])("may be %s", async (_case, limit) => {
    const { handlers, tell } = stubbornHandlers();
    const { interceptors } = limiting(limit);
    await using server = await startNoteServer(handlers, { interceptors });
    await expect(server.client.say({})).rejects.toMatchObject(overdue);
    tell();
  });

  test("further away than any timer reaches starts none", async () => {
    using timers = jest.spyOn(globalThis, "setTimeout");
    const { interceptors } = limiting(deadlineIn(365 * 24 * 3_600_000));
    await using server = await startNoteServer({}, { interceptors });
    await server.client.say({});
    expect(timers.mock.calls.filter(([, delayMs]) => (delayMs ?? 0) >= 2 ** 31)).toEqual([]);
  });

  test("ends a call once, whatever becomes of the handler", async () => {
    const { promise: told, resolve: tell } = createGate();
    const { promise: ended, resolve: end } = createGate();
    const outcomes: Outcome[] = [];
    const native: NativeCall = {
      cancelled: false,
      metadata: new grpc.Metadata(),
      getDeadline: () => Infinity,
      getPeer: () => "127.0.0.1:1",
      getAuthContext: () => ({}),
      sendMetadata: () => undefined,
      once: () => undefined,
    };
    const run = async (call: InterceptedServerCall) => {
      call.limitDeadline(new Date(0));
      await told;
      end(undefined);
      throw new StatusError(Status.ABORTED, "late");
    };
    const method = methodOf(NoteServiceDefinition, NoteServiceDefinition.methods.collect);
    serveCalls(method, run, () => undefined)(native, undefined, (outcome) => {
      outcomes.push(outcome);
      tell(undefined);
    });
    await ended;
    await setImmediate();
    expect(outcomes).toMatchObject([{ error: { code: grpc.status.DEADLINE_EXCEEDED } }]);
  });

  test("does nothing to a call that ends before", async () => {
    const { calls, ends, interceptors } = limiting(deadlineIn(farMs));
    await using server = await startNoteServer({}, { interceptors });
    for (const name of methodNames) {
      await expect(callByName(server, name)).resolves.toEqual(["in"]);
    }
    expect(ends).toEqual(["ok", "ok", "ok", "ok"]);
    calls[0]?.limitDeadline(new Date(0));
    expect(calls[0]?.signal.aborted).toBe(false);
  });

  test("lets the client's cancellation be one", async () => {
    const { promise: ended, resolve: end } = createGate();
    const started = createGate();
    const reasons: unknown[] = [];
    const { interceptors } = limiting(deadlineIn(farMs));
    await using server = await startNoteServer(
      {
        say: async (request, { signal }) => {
          started.resolve(undefined);
          reasons.push(await aborted(signal));
          end(undefined);
          return request;
        },
      },
      { interceptors },
    );
    const cancelling = new AbortController();
    const call = server.client.say({}, { signal: cancelling.signal });
    await started.promise;
    cancelling.abort();
    await expect(call).rejects.toMatchObject({ code: Status.CANCELLED });
    await ended;
    expect(reasons).toMatchObject([{ code: Status.CANCELLED }]);
  });

  test.each<MethodName>(["say", "list"])("sends the trailer that %s has set until then, and no more", async (name) => {
    const { promise: told, resolve: tell } = createGate();
    const { promise: done, resolve: finish } = createDeferred<string | undefined>();
    const insist = async (_request: unknown, call: ServerCall) => {
      call.trailer.set("x-step", "1");
      await told;
      call.trailer.set("x-step", "2");
      call.header.set("x-header", "late");
      call.sendHeader();
      finish(call.metadata.get("x-sent"));
      return note("late");
    };
    async function* stream(request: unknown, call: ServerCall) {
      yield await insist(request, call);
    }
    const { interceptors } = limiting(deadlineIn(soonMs));
    await using server = await startNoteServer({ say: insist, list: stream }, { interceptors });
    const steps: unknown[] = [];
    const options = {
      metadata: { "x-sent": "still there" },
      onTrailer: (trailer: { get: (key: string) => string | undefined }) => void steps.push(trailer.get("x-step")),
    };
    const { client } = server;
    const call = name === "say" ? client.say({}, options) : collect(client.list({}, options));
    await expect(call).rejects.toMatchObject(overdue);
    tell(undefined);
    await expect(done).resolves.toBe("still there");
    expect(steps).toEqual(["1"]);
    await expect(server.client.collect([])).resolves.toEqual(note(""));
  });
});
