import { expect, test } from "@jest/globals";
import {
  createClient,
  deadlineIn,
  type ServerInterceptor,
  type ServiceImplementation,
  Status,
  StatusError,
} from "@rollcall/rpc";
import { createChannel } from "@rollcall/rpc/grpc";
import { createPingService, startProxy, startTestServer } from "@rollcall/testing";
import { PingServiceDefinition } from "@rollcall/testing/ping/v1/ping";
import { everyKind } from "../every-kind.fixture.js";
import { createWaitingService } from "./waiting-service.fixture.js";

/** Tests that calls with nothing wrong about them succeed, fail and end as they do without the interceptors. */
export function testThatCallsAreLeftAlone(createInterceptors: () => readonly ServerInterceptor[]): void {
  const start = (service: ServiceImplementation<PingServiceDefinition>) =>
    startTestServer(PingServiceDefinition, service, { interceptors: createInterceptors() });

  test.each(everyKind)("leaves a %s call alone that succeeds", async (_kind, makeCall) => {
    await using bare = await startTestServer(PingServiceDefinition, createPingService());
    await using server = await start(createPingService());
    await expect(makeCall(server.client)).resolves.toEqual(await makeCall(bare.client));
  });

  test.each(everyKind)("leaves the error of a %s call's handler alone", async (_kind, makeCall) => {
    const fail = () => Promise.reject(new StatusError(Status.NOT_FOUND, "no such text"));
    const failLater = async function* (): AsyncGenerator<never> {
      yield* [];
      await fail();
    };
    await using server = await start({ ping: fail, count: failLater, collect: fail, echo: failLater });
    await expect(makeCall(server.client)).rejects.toMatchObject({ code: Status.NOT_FOUND, details: "no such text" });
  });

  test.each(everyKind)("lets a client cancel a %s call", async (_kind, makeCall) => {
    const { service, began, ended } = createWaitingService();
    await using server = await start(service);
    const cancel = new AbortController();
    const call = makeCall(server.client, { signal: cancel.signal });
    const cancelled = expect(call).rejects.toMatchObject({ code: Status.CANCELLED });
    await began;
    cancel.abort();
    await cancelled;
    await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
  });

  test.each(everyKind)("lets a %s call end at its deadline", async (_kind, makeCall) => {
    const { service, ended } = createWaitingService();
    await using server = await start(service);
    const call = makeCall(server.client, { deadline: deadlineIn(300) });
    await expect(call).rejects.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
    await expect(ended).resolves.toMatchObject({ code: Status.DEADLINE_EXCEEDED });
  });

  test.each(everyKind)("lets the handler of a %s call know that its connection broke", async (_kind, makeCall) => {
    const { service, began, ended } = createWaitingService();
    await using server = await start(service);
    await using proxy = await startProxy(server.address);
    const channel = createChannel({ address: proxy.address });
    const call = makeCall(createClient(PingServiceDefinition, channel));
    const broken = expect(call).rejects.toMatchObject({ code: Status.UNAVAILABLE });
    await began;
    proxy.cut();
    await broken;
    await expect(ended).resolves.toMatchObject({ code: Status.CANCELLED });
    channel.close();
  });
}
