import { describe, expect, test } from "@jest/globals";
import {
  type CallOptions,
  type ClientInterceptor,
  createClient,
  type ServerInterceptor,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, failCalls, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind, silence } from "../../every-kind.fixture.js";
import { requestId as acceptRequestId } from "../../server/request-id/request-id.js";
import { overdueSoon } from "../../overdue-soon.fixture.js";
import { createWaitingService } from "../../server/waiting-service.fixture.js";
import { requestId, requestIdOf } from "./request-id.js";

/** A client that sends ids, and the ids that the server received and that interceptors further in saw. */
async function start(service = createPingService(), inner: readonly ServerInterceptor[] = []) {
  const received: unknown[] = [];
  const seen: unknown[] = [];
  const noteReceived: ServerInterceptor = () => (call, next) => {
    received.push(...call.metadata.getAll("x-request-id"));
    return next();
  };
  const noteSeen: ClientInterceptor = () => (call, next) =>
    next().finally(() => {
      seen.push(requestIdOf(call));
    });
  const clientInterceptors = [requestId({ createId: () => "made-1" }), noteSeen];
  const interceptors = [noteReceived, ...inner];
  const server = await startTestServer(PingServiceDefinition, service, { interceptors, clientInterceptors });
  return { server, received, seen, clientInterceptors };
}

describe("requestId on the client", () => {
  test.each(everyKind)("sends an id with a %s call", async (_kind, makeCall) => {
    const { server, received, seen } = await start();
    await using _stop = server;
    await makeCall(server.client);
    expect({ received, seen }).toEqual({ received: ["made-1"], seen: ["made-1"] });
  });

  test("keeps the id that the caller gave", async () => {
    const { server, received, seen } = await start();
    await using _stop = server;
    await server.client.ping({}, { metadata: { "x-request-id": "mine" } });
    expect({ received, seen }).toEqual({ received: ["mine"], seen: ["mine"] });
  });

  test.each([
    ["that it has", [acceptRequestId()], {}, "outer-1"],
    ["unless the caller gave another", [acceptRequestId()], { metadata: { "x-request-id": "mine" } }, "mine"],
    ["or makes one where it has none", [], {}, "made-1"],
  ])(
    "passes on the id of the call on the server for whose sake it calls, %s",
    async (_case, interceptors, options, expected) => {
      const { server: next, received } = await start();
      await using _next = next;
      const service = {
        ...createPingService(),
        ping: (request: { readonly text: string }, call: NonNullable<CallOptions["parent"]>) =>
          next.client.ping(request, { ...options, parent: call }),
      };
      await using server = await startTestServer(PingServiceDefinition, service, { interceptors });
      await server.client.ping({}, { metadata: { "x-request-id": "outer-1" } });
      expect(received).toEqual([expected]);
    },
  );

  test("makes a random UUID by itself, another one for each call", async () => {
    const received: unknown[] = [];
    const note: ServerInterceptor = () => (call, next) => {
      received.push(call.metadata.get("x-request-id"));
      return next();
    };
    await using server = await startTestServer(PingServiceDefinition, createPingService(), {
      interceptors: [note],
      clientInterceptors: [requestId()],
    });
    await server.client.ping({});
    await server.client.ping({});
    expect(received[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(received[1]).not.toBe(received[0]);
  });

  test.each(everyKind)("keeps the id of a %s call that the server fails", async (_kind, makeCall) => {
    const { server, seen } = await start(createPingService(), [failCalls(new StatusError(Status.NOT_FOUND, "none"))]);
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.NOT_FOUND });
    expect(seen).toEqual(["made-1"]);
  });

  test.each(everyKind)("keeps the id of a %s call that is cancelled", async (_kind, makeCall) => {
    const { service, began } = createWaitingService();
    const { server, seen } = await start(service);
    await using _stop = server;
    const cancellation = new AbortController();
    const call = expect(makeCall(server.client, { signal: cancellation.signal })).rejects.toMatchObject({
      code: Status.CANCELLED,
    });
    await began;
    cancellation.abort();
    await call;
    expect(seen).toEqual(["made-1"]);
  });

  test.each(everyKind)("keeps the id of a %s call whose deadline passes", async (_kind, makeCall) => {
    const { server, seen } = await start(createWaitingService().service, [overdueSoon]);
    await using _stop = server;
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    expect(seen).toEqual(["made-1"]);
  });

  test("keeps the id of a call whose connection breaks", async () => {
    const { service, began } = createWaitingService();
    const { server, seen, clientInterceptors } = await start(service);
    await using _stop = server;
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const client = createClient(PingServiceDefinition, channel, { interceptors: clientInterceptors });
    const call = expect(client.collect(silence())).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await began;
    proxy.cut();
    await call;
    expect(seen).toEqual(["made-1"]);
  });
});
