import { describe, expect, jest, test } from "@jest/globals";
import { createClient, type ServerInterceptor, type ServiceImplementation, Status, StatusError } from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind } from "../../every-kind.fixture.js";
import { until } from "../../until.fixture.js";
import { createWaitingService } from "../waiting-service.fixture.js";
import { requestId } from "../request-id/request-id.js";
import { type FailedCall, recovery } from "./recovery.js";

type PingService = ServiceImplementation<PingServiceDefinition>;

describe("recovery", () => {
  const failWith = (error: Error): PingService => {
    const fail = () => Promise.reject(error);
    const failLater = async function* (): AsyncGenerator<never> {
      yield* [];
      await fail();
    };
    return { ping: fail, count: failLater, collect: fail, echo: failLater };
  };
  const start = async (service: PingService) => {
    const onError = jest.fn<(error: unknown, call: FailedCall) => void>();
    const ends: unknown[] = [];
    const noteEnd: ServerInterceptor = () => (_call, next) =>
      next().catch((error: unknown) => {
        ends.push(error);
        throw error;
      });
    const interceptors = [noteEnd, recovery({ domain: "example", onError, createRequestId: () => "request-1" })];
    return { server: await startTestServer(PingServiceDefinition, service, { interceptors }), onError, ends };
  };

  test.each(everyKind)("leaves a %s call that succeeds alone", async (_kind, makeCall) => {
    const { server, onError } = await start(createPingService());
    await using _stop = server;
    await expect(makeCall(server.client)).resolves.toBeDefined();
    expect(onError).not.toHaveBeenCalled();
  });

  test.each(everyKind)(
    "ends a %s call that fails unexpectedly with INTERNAL and a request id",
    async (_kind, makeCall) => {
      const { server, onError } = await start(failWith(new Error("secret of the database")));
      await using _stop = server;
      await expect(makeCall(server.client)).rejects.toMatchObject({
        code: Status.INTERNAL,
        details: "an internal error occurred; quote request id request-1 to whoever runs the server",
        errorDetails: {
          errorInfo: { reason: "INTERNAL", domain: "example" },
          requestInfo: { requestId: "request-1" },
        },
      });
      expect(onError).toHaveBeenCalledTimes(1);
    },
  );

  test("tells the listener the cause, the method, the client and the request id", async () => {
    const cause = new Error("secret of the database");
    const { server, onError } = await start(failWith(cause));
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toBeInstanceOf(StatusError);
    expect(onError).toHaveBeenCalledWith(cause, {
      method: "/ping.v1.PingService/Ping",
      requestId: "request-1",
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    });
  });

  test.each([
    ["a status received from another server", new StatusError(Status.NOT_FOUND, "secret", { received: true })],
    ["a text", "secret"],
    ["nothing", undefined],
  ])("takes %s for an unexpected failure", async (_case, thrown) => {
    const { server, onError } = await start(
      failWith(thrown as Error),
    ); /* anything can be thrown, the types say otherwise */
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({
      code: Status.INTERNAL,
      details: expect.not.stringContaining("secret"),
    });
    expect(onError).toHaveBeenCalledWith(thrown, expect.anything());
  });

  test("lets a status through that the handler chose", async () => {
    const { server, onError } = await start(failWith(new StatusError(Status.NOT_FOUND, "no such text")));
    await using _stop = server;
    await expect(server.client.ping({})).rejects.toMatchObject({ code: Status.NOT_FOUND, details: "no such text" });
    expect(onError).not.toHaveBeenCalled();
  });

  test("does not take a deadline that passes for a failure", async () => {
    const wait: PingService["ping"] = (_request, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("aborted"));
        });
      });
    const { server, onError } = await start({ ...createPingService(), ping: wait });
    await using _stop = server;
    await expect(server.client.ping({}, { deadline: new Date(Date.now() + 50) })).rejects.toMatchObject({
      code: Status.DEADLINE_EXCEEDED,
    });
    expect(onError).not.toHaveBeenCalled();
  });

  test("tells the id of requestId, where that stands further out", async () => {
    const onError = jest.fn<(error: unknown, call: FailedCall) => void>();
    const interceptors = [requestId(), recovery({ domain: "example", onError, createRequestId: () => "not this one" })];
    await using server = await startTestServer(PingServiceDefinition, failWith(new Error("secret")), { interceptors });
    await expect(server.client.ping({}, { metadata: { "x-request-id": "sent-1" } })).rejects.toMatchObject({
      details: expect.stringContaining("quote request id sent-1 to"),
      errorDetails: { requestInfo: { requestId: "sent-1" } },
    });
    expect(onError).toHaveBeenCalledWith(expect.anything(), expect.objectContaining({ requestId: "sent-1" }));
  });

  test.each(everyKind)("does not take a %s call that its client cancels for a failure", async (_kind, makeCall) => {
    const { service, began } = createWaitingService();
    const { server, onError, ends } = await start(service);
    await using _stop = server;
    const cancellation = new AbortController();
    const call = expect(makeCall(server.client, { signal: cancellation.signal })).rejects.toMatchObject({
      code: Status.CANCELLED,
    });
    await began;
    cancellation.abort();
    await call;
    await until(() => ends.length === 1);
    expect(ends).toEqual([expect.objectContaining({ code: Status.CANCELLED })]);
    expect(onError).not.toHaveBeenCalled();
  });

  test("does not take a connection that breaks for a failure", async () => {
    const { service, began } = createWaitingService();
    const { server, onError, ends } = await start(service);
    await using _stop = server;
    await using proxy = await startProxy(server.address);
    await using channel = createChannel({ address: proxy.address });
    const call = expect(createClient(PingServiceDefinition, channel).ping({})).rejects.toBeInstanceOf(StatusError);
    await began;
    proxy.cut();
    await call;
    await until(() => ends.length === 1);
    expect(ends).toEqual([expect.objectContaining({ code: Status.CANCELLED })]);
    expect(onError).not.toHaveBeenCalled();
  });

  test("makes a random request id by itself", async () => {
    const interceptors = [recovery({ domain: "example", onError: () => undefined })];
    await using server = await startTestServer(PingServiceDefinition, failWith(new Error("secret")), { interceptors });
    const requestIdOf = () => server.client.ping({}).catch((error: unknown) => requestIdIn(error));
    const [first, second] = [await requestIdOf(), await requestIdOf()];
    expect(first).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
  });
});

function requestIdIn(error: unknown): string | undefined {
  return error instanceof StatusError ? error.errorDetails.requestInfo?.requestId : undefined;
}
