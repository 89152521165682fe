import { describe, expect, test } from "@jest/globals";
import { deadlineIn } from "../deadline.js";
import { Status } from "../status.js";
import { StatusError } from "../status-error.js";
import { rejection } from "../waiting.fixture.js";
import { callByName } from "./call-by-name.fixture.js";
import { startNoteServer } from "./start-note-server.fixture.js";

const refusal = new StatusError(Status.PERMISSION_DENIED, "not you");

describe("interceptors of the client", () => {
  test("may call a unary method again", async () => {
    let runs = 0;
    await using server = await startNoteServer(
      {
        say: (request) => {
          runs++;
          return runs < 3 ? Promise.reject(new StatusError(Status.UNAVAILABLE, "busy")) : Promise.resolve(request);
        },
      },
      {
        clientInterceptors: [
          () => async (_call, next) => {
            for (;;) {
              try {
                await next();
                return;
              } catch {
                // once more
              }
            }
          },
        ],
      },
    );
    await expect(callByName(server, "say")).resolves.toEqual(["in"]);
    expect(runs).toBe(3);
  });

  test("may not call a method again whose responses are streamed", async () => {
    await using server = await startNoteServer(
      {},
      {
        clientInterceptors: [
          () => async (_call, next) => {
            await next();
            await next();
          },
        ],
      },
    );
    await expect(callByName(server, "list")).rejects.toThrow("next was called again for /test.v1.NoteService/List");
  });

  test("may change the deadline and the metadata", async () => {
    const seen: unknown[] = [];
    await using server = await startNoteServer(
      {
        say: (request, { deadline, metadata }) => {
          seen.push((deadline?.getTime() ?? 0) > Date.now(), metadata.get("x-token"));
          return Promise.resolve(request);
        },
      },
      {
        clientInterceptors: [
          () => (call, next) => {
            call.deadline ??= deadlineIn(10_000);
            call.metadata.set("x-token", "secret");
            return next();
          },
        ],
      },
    );
    await callByName(server, "say");
    expect(seen).toEqual([true, "secret"]);
  });

  test("see header and trailer", async () => {
    const seen: unknown[] = [];
    await using server = await startNoteServer(
      {
        say: (request, { header, trailer }) => {
          header.set("x-header", "h");
          trailer.set("x-trailer", "t");
          return Promise.resolve(request);
        },
      },
      {
        clientInterceptors: [
          () => async (call, next) => {
            await next();
            seen.push(call.header?.get("x-header"), call.trailer?.get("x-trailer"));
          },
        ],
      },
    );
    await callByName(server, "say");
    expect(seen).toEqual(["h", "t"]);
  });

  test("decide how a stream ends for its reader", async () => {
    const hidden = new Error("translated");
    await using server = await startNoteServer(
      {
        list: () => {
          throw refusal;
        },
      },
      {
        clientInterceptors: [
          () => async (_call, next) => {
            await next().catch(() => {
              throw hidden;
            });
          },
        ],
      },
    );
    await expect(rejection(callByName(server, "list"))).resolves.toBe(hidden);
  });
});
