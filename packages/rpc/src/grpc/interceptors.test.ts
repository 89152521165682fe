import { describe, expect, test } from "@jest/globals";
import type { InterceptedClientCall, InterceptedServerCall } from "../call.js";
import { createCallKey } from "../call-values.js";
import type { Interceptor } from "../interceptor.js";
import { note, type Note } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { callByName, methodNames } from "./call-by-name.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const refusal = new StatusError(Status.PERMISSION_DENIED, "not you");

/** Writes down when a call passes, and how it ended. */
function tracing(trace: string[], label: string): Interceptor<unknown> {
  return () =>
    async function traced(_call, next) {
      trace.push(`${label} before`);
      try {
        await next();
        trace.push(`${label} after`);
      } catch (error) {
        trace.push(`${label} failed`);
        throw error;
      }
    };
}

describe("interceptors", () => {
  test.each(methodNames)("surround %s, the first outermost, until it has ended", async (name) => {
    const trace: string[] = [];
    await using server = await startNoteServer(
      {},
      {
        interceptors: [tracing(trace, "server 1"), tracing(trace, "server 2")],
        clientInterceptors: [tracing(trace, "client 1"), tracing(trace, "client 2")],
      },
    );
    await expect(callByName(server, name)).resolves.toEqual(["in"]);
    expect(trace.filter((line) => line.startsWith("client"))).toEqual([
      "client 1 before",
      "client 2 before",
      "client 2 after",
      "client 1 after",
    ]);
    expect(trace.filter((line) => line.startsWith("server"))).toEqual([
      "server 1 before",
      "server 2 before",
      "server 2 after",
      "server 1 after",
    ]);
  });

  test.each(methodNames)("hear that %s failed", async (name) => {
    const trace: string[] = [];
    const fail = () => {
      throw refusal;
    };
    await using server = await startNoteServer(
      { say: fail, list: fail, collect: fail, chat: fail },
      { interceptors: [tracing(trace, "server")], clientInterceptors: [tracing(trace, "client")] },
    );
    await expect(callByName(server, name)).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
    expect(trace).toEqual(["client before", "server before", "server failed", "client failed"]);
  });

  test("are asked once for each method, and stay out of those that do not concern them", async () => {
    const asked: string[] = [];
    const seen: string[] = [];
    const onlySay: Interceptor<{ readonly method: { readonly name: string } }> = (method) => {
      asked.push(method.name);
      return method.name !== "Say"
        ? undefined
        : (call, next) => {
            seen.push(call.method.name);
            return next();
          };
    };
    await using server = await startNoteServer({}, { interceptors: [onlySay], clientInterceptors: [onlySay] });
    await callByName(server, "say");
    await callByName(server, "say");
    await callByName(server, "list");
    expect(asked).toEqual(["Say", "List", "Collect", "Chat", "Say", "List", "Collect", "Chat"]);
    expect(seen).toEqual(["Say", "Say", "Say", "Say"]);
  });

  test.each(methodNames)("hand values to each other and to the handler of %s", async (name) => {
    const who = createCallKey("who", "nobody");
    const answer = { values: [] as string[] };
    async function* listen(_request: unknown, { values }: { values: { get: (key: typeof who) => string } }) {
      answer.values.push(values.get(who));
      yield await Promise.resolve(note("out"));
    }
    const say: (...call: Parameters<typeof listen>) => Promise<Note> = async (request, call) => {
      for await (const response of listen(request, call)) {
        return response;
      }
      return note("");
    };
    await using server = await startNoteServer(
      { say, collect: say, list: listen, chat: listen },
      {
        interceptors: [
          () => (call, next) => {
            call.values.set(who, "ada");
            return next();
          },
        ],
      },
    );
    await callByName(server, name);
    expect(answer.values).toEqual(["ada"]);
  });

  test.each(methodNames)("may refuse %s before the handler runs", async (name) => {
    let runs = 0;
    const run = () => {
      runs++;
      throw refusal;
    };
    await using server = await startNoteServer(
      { say: run, list: run, collect: run, chat: run },
      { interceptors: [() => () => Promise.reject(refusal)] },
    );
    await expect(callByName(server, name)).rejects.toMatchObject({
      code: Status.PERMISSION_DENIED,
      details: "not you",
    });
    expect(runs).toBe(0);
  });

  test.each([
    ["server", "say"],
    ["server", "list"],
    ["server", "collect"],
    ["server", "chat"],
    ["client", "say"],
    ["client", "list"],
    ["client", "collect"],
    ["client", "chat"],
  ] as const)("may answer in place of the %s: %s", async (side, name) => {
    let runs = 0;
    const run = () => {
      runs++;
      throw refusal;
    };
    const answering: Interceptor<InterceptedServerCall | InterceptedClientCall> = (method) => (call) =>
      call.respond(method.responseStream ? [note("a"), note("b")] : note("cached"));
    await using server = await startNoteServer(
      { say: run, list: run, collect: run, chat: run },
      side === "server" ? { interceptors: [answering] } : { clientInterceptors: [answering] },
    );
    const streamed = name === "list" || name === "chat";
    await expect(callByName(server, name)).resolves.toEqual(streamed ? ["a", "b"] : ["cached"]);
    expect(runs).toBe(0);
  });

  test.each(["server", "client"] as const)(
    "may answer a stream on the %s with a generator, or with nothing",
    async (side) => {
      const responses: unknown[] = [
        (async function* () {
          yield* await Promise.resolve([note("a"), note("b")]);
        })(),
        [],
      ];
      const answering: Interceptor<InterceptedServerCall | InterceptedClientCall> = () => (call) =>
        call.respond(responses.shift());
      await using server = await startNoteServer(
        {},
        side === "server" ? { interceptors: [answering] } : { clientInterceptors: [answering] },
      );
      await expect(callByName(server, "list")).resolves.toEqual(["a", "b"]);
      await expect(callByName(server, "list")).resolves.toEqual([]);
    },
  );

  test.each(methodNames)("see the request and response of %s where there is one", async (name) => {
    const seen: unknown[] = [];
    const looking: Interceptor<InterceptedServerCall | InterceptedClientCall> = () => async (call, next) => {
      seen.push(call.request);
      await next();
      seen.push(call.response);
    };
    await using server = await startNoteServer({}, { interceptors: [looking] });
    await callByName(server, name);
    const one = note("in");
    expect(seen).toEqual([
      name === "say" || name === "list" ? one : undefined,
      name === "say" || name === "collect" ? one : undefined,
    ]);
  });
});
