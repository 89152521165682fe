import { describe, expect, test } from "@jest/globals";
import type { InterceptedClientCall, InterceptedServerCall } from "../call.js";
import { note, type Note } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { aborted, createGate, rejection } from "../waiting.fixture.js";
import { callByName, methodNames } from "./call-by-name.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const refusal = new StatusError(Status.PERMISSION_DENIED, "not you");

/** Shows each message to the hooks, which may change or refuse it. */
function hooking(onRequest: (message: Note) => void, onResponse: (message: Note) => void) {
  return () => (call: InterceptedServerCall | InterceptedClientCall, next: () => Promise<void>) => {
    call.onRequest((message) => {
      onRequest(message as Note);
    });
    call.onResponse((message) => {
      onResponse(message as Note);
    });
    return next();
  };
}

describe("message hooks", () => {
  test.each(methodNames)("see each message of %s, on both sides and in both directions", async (name) => {
    const seen: string[] = [];
    const hooks = (label: string) =>
      hooking(
        ({ text }) => void seen.push(`${label} request ${text}`),
        ({ text }) => void seen.push(`${label} response ${text}`),
      );
    await using server = await startNoteServer(
      {},
      { interceptors: [hooks("server")], clientInterceptors: [hooks("client")] },
    );
    await expect(callByName(server, name)).resolves.toEqual(["in"]);
    expect(seen).toEqual(["client request in", "server request in", "server response in", "client response in"]);
  });

  test.each(methodNames)("end %s with what they throw, wherever they are", async (name) => {
    const pass = () => undefined;
    const refuse = () => {
      throw refusal;
    };
    for (const hook of [hooking(refuse, pass), hooking(pass, refuse)]) {
      await using refusing = await startNoteServer({}, { interceptors: [hook] });
      await expect(callByName(refusing, name)).rejects.toMatchObject({
        code: Status.PERMISSION_DENIED,
        received: true,
      });
      await using refused = await startNoteServer({}, { clientInterceptors: [hook] });
      await expect(rejection(callByName(refused, name))).resolves.toBe(refusal);
    }
  });

  test("of a stream that end it stop the handler", async () => {
    const { promise: stopped, resolve: stop } = createGate();
    await using server = await startNoteServer(
      {
        async *list(_request, { signal }) {
          try {
            yield note("1");
            yield note("2");
            await aborted(signal);
          } finally {
            stop(undefined);
          }
        },
      },
      {
        clientInterceptors: [
          hooking(
            () => undefined,
            ({ text }) => {
              if (text === "2") {
                throw refusal;
              }
            },
          ),
        ],
      },
    );
    await expect(rejection(callByName(server, "list"))).resolves.toBe(refusal);
    await stopped;
  });
});
