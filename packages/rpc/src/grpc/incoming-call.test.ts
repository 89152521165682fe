import { describe, expect, test } from "@jest/globals";
import type { InterceptedServerCall } from "../call.js";
import { note } from "../note-service.fixture.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { aborted } from "../waiting.fixture.js";
import { callByName, methodNames } from "./call-by-name.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const refusal = new StatusError(Status.PERMISSION_DENIED, "not you");

describe("abort", () => {
  test.each(methodNames)("ends %s with its reason, and hands it to the handler's signal", async (name) => {
    const reasons: unknown[] = [];
    const heed = async (signal: AbortSignal): Promise<never> => {
      reasons.push(await aborted(signal));
      throw new Error("stopped");
    };
    const say = (_request: unknown, { signal }: { signal: AbortSignal }) => heed(signal);
    async function* list(_request: unknown, { signal }: { signal: AbortSignal }) {
      yield note("first");
      await heed(signal);
    }
    await using server = await startNoteServer(
      { say, collect: say, list, chat: list },
      {
        interceptors: [
          () => (call, next) => {
            setImmediate(() => {
              call.abort(refusal);
            });
            return next();
          },
        ],
      },
    );
    await expect(callByName(server, name)).rejects.toMatchObject({
      code: Status.PERMISSION_DENIED,
      details: "not you",
    });
    expect(reasons).toEqual([refusal]);
    expect(server.unexpected).toEqual([]);
  });

  test("holds against a handler that takes no notice", async () => {
    await using server = await startNoteServer(
      {},
      {
        interceptors: [
          () => (call, next) => {
            call.abort(refusal);
            return next();
          },
        ],
      },
    );
    for (const name of methodNames) {
      await expect(callByName(server, name)).rejects.toMatchObject({ code: Status.PERMISSION_DENIED });
    }
  });

  test("does nothing once the call has ended", async () => {
    const late: InterceptedServerCall[] = [];
    await using server = await startNoteServer(
      {},
      {
        interceptors: [
          () => async (call, next) => {
            late.push(call);
            await next();
          },
        ],
      },
    );
    await callByName(server, "say");
    late[0]?.abort(refusal);
    expect(late[0]?.signal.aborted).toBe(false);
  });
});
